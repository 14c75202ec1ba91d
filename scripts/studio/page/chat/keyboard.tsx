import type { ButtonView } from '../../view.ts'

/** The inline keyboard under a message. */
export function Keyboard({ rows, onTap }: { rows: ButtonView[][]; onTap(data: string): void }) {
  if (rows.length === 0) return null
  return (
    <div class="keyboard">
      {rows.map((row) => (
        <div class="row" key={row.map(keyOf).join()}>
          {row.map((button) =>
            button.url === null ? (
              <button
                type="button"
                key={keyOf(button)}
                onClick={() => button.data !== null && onTap(button.data)}
              >
                {button.text}
              </button>
            ) : (
              <a key={keyOf(button)} href={button.url} target="_blank" rel="noreferrer">
                {button.text} ↗
              </a>
            ),
          )}
        </div>
      ))}
    </div>
  )
}

function keyOf({ text, data, url }: ButtonView): string {
  return data ?? url ?? text
}

import type { MessageView } from '../../view.ts'

/** A small mark that says what about a message was imitated, and what was paid for it. */
export function Imitations({ message: { imitations, costUsd } }: { message: MessageView }) {
  const names = imitations.map((sentence) => sentence.split(';')[0]?.replace('the ', ''))
  return (
    <>
      {names.length > 0 && (
        <details class="imitations">
          <summary>imitated: {names.join(', ')}</summary>
          <ul>
            {imitations.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
      {costUsd !== null && (
        <span class="cost" title="All paid calls of this update, at list prices">
          ${costUsd.toFixed(4)}
        </span>
      )}
    </>
  )
}

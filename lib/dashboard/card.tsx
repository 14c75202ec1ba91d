import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** A part of the page under its heading. */
export function Card(props: {
  title: string
  note?: ComponentChildren
  isWide?: boolean
  children: ComponentChildren
}) {
  const id = useId()
  return (
    <section class={props.isWide ? 'card wide' : 'card'} aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{props.title}</h2>
        {props.note && <p class="note">{props.note}</p>}
      </div>
      {props.children}
    </section>
  )
}

/** A row of cells, the first of which names it; `share` of the largest is drawn as a bar behind the name. */
export type Row = { cells: readonly string[]; share?: number }

/** A table; a sentence instead of it where there are no rows. */
export function Table(props: {
  caption: string
  head: readonly string[]
  rows: readonly Row[]
  emptyText: string
}) {
  if (props.rows.length === 0) return <p class="none">{props.emptyText}</p>
  return (
    <table>
      <caption class="hidden-visually">{props.caption}</caption>
      <thead>
        <tr>
          {props.head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map(({ cells: [name, ...cells], share }) => (
          <tr key={name}>
            <th scope="row">
              {name}
              {share !== undefined && <Bar share={share} />}
            </th>
            {cells.map((cell, at) => (
              <td key={props.head[at + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Bar({ share }: { share: number }) {
  return (
    <span class="bar" aria-hidden="true">
      <span class="bar-share" style={{ width: `${Math.round(share * 100)}%` }} />
    </span>
  )
}

/** Each value as a share of the largest. */
export function sharesOf(values: readonly number[]): number[] {
  const largest = Math.max(...values, 0)
  return values.map((value) => (largest === 0 ? 0 : value / largest))
}

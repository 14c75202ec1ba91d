import type { Way } from '../../events/way.ts'
import { milliseconds, share } from './format.ts'

/** The update in figures: how it was taken, how long its answer took, and how that compares. */
export function Summary({ way }: { way: Way }) {
  const { deliveries, tookMs, serialMs, floorMs, statements } = way
  const [first] = deliveries
  return (
    <dl class="figures">
      {first && (
        <Figure name="Acknowledged after" value={milliseconds(first.tookMs)} note={statusOf(way)} />
      )}
      <Figure name="All done after" value={milliseconds(tookMs)} />
      {floorMs !== null && (
        <Figure
          name="Floor"
          value={milliseconds(floorMs)}
          note="its calls alone, as they can overlap"
        />
      )}
      {serialMs !== null && (
        <Figure
          name="In turn"
          value={milliseconds(serialMs)}
          note={floorMs === null ? '' : `the floor is ${share(floorMs, serialMs)} of it`}
        />
      )}
      <Figure name="Statements" value={String(statements.length)} />
    </dl>
  )
}

function statusOf({ deliveries }: Way): string {
  const last = deliveries.at(-1)
  if (!last) return ''
  const times = deliveries.length === 1 ? '' : `, delivered ${deliveries.length} times`
  return `${last.status ?? last.error}${times}`
}

function Figure({ name, value, note = '' }: { name: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        {note !== '' && <small>{note}</small>}
      </dd>
    </div>
  )
}

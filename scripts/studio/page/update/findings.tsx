import { findingsOf } from '../../events/findings.ts'
import type { Way } from '../../events/way.ts'
import { milliseconds } from './format.ts'

/** What is out of the ordinary about the update, with when it was. */
export function Findings({ way }: { way: Way }) {
  const findings = findingsOf(way)
  if (findings.length === 0) return null
  return (
    <section aria-label="Out of the ordinary">
      <h3>Out of the ordinary</h3>
      <ol class="findings">
        {findings.map(({ atMs, words }) => (
          <li key={`${atMs} ${words}`}>
            <span class="time">{milliseconds(Math.max(0, atMs))}</span>
            <span>{words}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

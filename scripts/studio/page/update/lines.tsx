import type { LogEvent } from '../../events/event.ts'

/** Lines that the panel shows in other ways. */
const SHOWN_ELSEWHERE = [
  'statement_ended',
  'telegram_called',
  'step_ended',
  'step_remembered',
  'call_charged',
]

/** The other lines of the log that are about the update. */
export function Lines({ lines }: { lines: readonly LogEvent[] }) {
  const otherLines = lines.filter(({ event }) => !SHOWN_ELSEWHERE.includes(event))
  if (otherLines.length === 0) return null
  return (
    <details class="section">
      <summary>{otherLines.length} other lines of the log</summary>
      <ol class="lines">
        {otherLines.map(({ level, event, fields }, index) => (
          <li key={`${index} ${event}`} class={level}>
            <details>
              <summary>
                <span class="level">{level}</span> {event}
              </summary>
              <pre>{JSON.stringify(fields, null, 2)}</pre>
            </details>
          </li>
        ))}
      </ol>
    </details>
  )
}

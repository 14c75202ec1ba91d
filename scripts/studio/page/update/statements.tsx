import type { Statement } from '../../events/way.ts'
import { milliseconds } from './format.ts'

/** The SQL statements with their times; each opens to its whole text, which has no values. */
export function Statements({ statements }: { statements: readonly Statement[] }) {
  if (statements.length === 0) return null
  const sum = statements.reduce((total, { ms }) => total + ms, 0)
  return (
    <details class="section">
      <summary>
        {statements.length} SQL statements, {milliseconds(sum)}
      </summary>
      <ol class="statements">
        {statements.map(({ sql, ms, startMs }, index) => (
          <li key={`${index} ${startMs}`}>
            <details>
              <summary>
                <span class={`time ${ms >= sum / 2 ? 'failed' : ''}`}>{ms.toFixed(1)} ms</span>{' '}
                <code>{sql.replace(/\s+/g, ' ').slice(0, 90)}</code>
              </summary>
              <pre>{sql}</pre>
            </details>
          </li>
        ))}
      </ol>
    </details>
  )
}

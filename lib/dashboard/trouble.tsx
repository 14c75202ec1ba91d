import type { CheckRow } from '../app/dashboard/dashboard.ts'
import type { Trouble } from './requests.ts'

/** What is the matter where the figures cannot be had, and what to do. */
export function TroubleBanner({ trouble, onRetry }: { trouble: Trouble; onRetry: () => void }) {
  const failing = trouble.checks.filter(({ finding }) => finding.status !== 'ok')
  return (
    <section class="banner bad" role="alert">
      <h2>{trouble.title}</h2>
      {failing.length === 0 ? <p>{trouble.fix}</p> : <Findings checks={failing} />}
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </section>
  )
}

/** The checks that have found something to do; nothing where all is well. */
export function Attention({ checks }: { checks: readonly CheckRow[] }) {
  const failing = checks.filter(({ finding }) => finding.status !== 'ok')
  if (failing.length === 0) return null
  const isBad = failing.some(({ finding }) => finding.status === 'FAIL')
  return (
    <section class={`banner ${isBad ? 'bad' : 'doubtful'}`} aria-labelledby="attention">
      <h2 id="attention">{isBad ? 'Something is wrong' : 'Have a look'}</h2>
      <Findings checks={failing} />
    </section>
  )
}

function Findings({ checks }: { checks: readonly CheckRow[] }) {
  return (
    <ul class="findings">
      {checks.map(({ check, finding }) => (
        <li key={check}>
          <strong>{check}</strong> {finding.found}
          {'fix' in finding && (
            <span class="fix">
              <span class="hidden-visually">What to do: </span>
              {finding.fix}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

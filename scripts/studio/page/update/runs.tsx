import type { RunOfJob } from '../../events/way.ts'
import { milliseconds } from './format.ts'

/** The update's jobs: each run with the steps in its journal. */
export function Runs({ runs }: { runs: readonly RunOfJob[] }) {
  if (runs.length === 0) return null
  return (
    <section aria-label="Runs">
      <h3>Inbox and journal</h3>
      {runs.map((run) => (
        <article key={`${run.jobId}:${run.attempt}`} class="run">
          <p>
            <strong>
              Job {run.jobId}, run {run.attempt}
            </strong>{' '}
            <span class="quiet">
              {run.source}, lane {run.lane}
            </span>
          </p>
          <ol class="steps">
            {run.steps.map(({ step, ms, isRemembered, isRepeated }, index) => (
              <li key={`${index} ${step}`}>
                <code>{step}</code>{' '}
                <span class={isRepeated ? 'failed' : 'quiet'}>
                  {isRemembered ? 'from the journal: not done again' : milliseconds(ms ?? 0)}
                  {isRepeated && ', done again'}
                </span>
              </li>
            ))}
          </ol>
          <p class="outcome">{run.outcome ?? silentEndOf(run, runs)}</p>
        </article>
      ))}
    </section>
  )
}

/** What is known of a run whose log does not say how it ended. */
function silentEndOf({ jobId, attempt }: RunOfJob, runs: readonly RunOfJob[]): string {
  const hasSuccessor = runs.some((run) => run.jobId === jobId && run.attempt > attempt)
  return hasSuccessor
    ? 'ended without a word: killed, or without its lease'
    : 'still running, or killed'
}

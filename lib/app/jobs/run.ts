import { type RunMeasures, runMeasures } from '../measures.ts'
import type { Log } from '../ports.ts'
import type { Usage } from '../usage.ts'
import type { Job, JobRun } from './job.ts'
import type { Journal } from './journal.ts'
import { journalQueue } from './journal-queue.ts'
import { paidSteps } from './paid-steps.ts'
import { sends } from './sends.ts'
import { stepTimer } from './step-timer.ts'
import { storedSteps } from './stored-steps.ts'
import type { UnstoredCharges } from './unstored-charges.ts'

export type RunDeps = {
  journal: Journal
  unstoredCharges: Pick<UnstoredCharges, 'keep'>
  log: Log
  /** Throws 'lease-lost' where another run may have the job by now, and has. */
  confirmLease(): Promise<void>
  /** Prices a call by the operator's own list; without it, what the call says of its cost stands. */
  price?: ((usage: Usage) => Usage) | undefined
}

/** A run as its engine holds it. */
export type EndingRun = JobRun & {
  measures: RunMeasures
  /**
   * Waits until the steps and calls that a run has left under way have ended, and what they cost is stored as far as possible. Its
   * signal has to be aborted before: a process may be frozen, and a test may count, as soon as its runs are over.
   */
  ended(): Promise<void>
}

/**
 * Begins a run with the job's journal: what an earlier run paid for is not paid again, and what it sent is not
 * sent again, unless its outcome cannot be known.
 */
export async function beginRun(deps: RunDeps, job: Job, signal: AbortSignal): Promise<EndingRun> {
  const { journal, log, confirmLease, price } = deps
  const queue = journalQueue(deps, job, signal)
  const steps = storedSteps(job.isResumed ? await journal.read(job.id) : [], queue)
  const measures = runMeasures()
  const timer = stepTimer({ measures, log })
  const { ended, ...payment } = paidSteps({ steps, queue, timer, log, confirmLease, price })
  const { send } = sends({ job, journal, steps, queue, timer, measures, log })

  return {
    job,
    signal,
    measures,
    ...payment,
    send,
    store(name, value) {
      if (steps.find(name) === undefined) steps.keep(name, value)
    },
    stored<T>(name: string): T | undefined {
      const entry = steps.find(name)
      return entry?.state === 'done' ? (entry.value as T) : undefined
    },
    settled: queue.settled,
    async ended() {
      await ended()
      await Promise.allSettled([queue.settled()])
    },
    confirm: confirmLease,
    stagesMs: timer.stagesMs,
  }
}

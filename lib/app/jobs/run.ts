import { AppError } from '../error.ts'
import type { Log } from '../ports.ts'
import { isPossiblySent } from './failure.ts'
import type { Job, JobRun } from './job.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { journalQueue } from './journal-queue.ts'

/** Sends of one step whose outcome is not known: a repeat is better than silence, a third is not. */
const MAX_SENDS = 2

export type RunDeps = {
  journal: Journal
  log: Log
  /** Throws 'lease-lost' where another run may have the job by now, and has. */
  confirmLease(): Promise<void>
}

/**
 * Gives a claimed job its memory: what an earlier run paid for is not paid again, what it sent is not
 * sent again unless nobody can know.
 */
export async function beginRun(
  { journal, log, confirmLease }: RunDeps,
  job: Job,
  signal: AbortSignal,
): Promise<JobRun> {
  const entries = job.resumed ? await journal.read(job.id) : []
  const memory = new Map(entries.map((entry) => [entry.step, entry]))
  const queue = journalQueue(journal, job)
  const stagesMs: Record<string, number> = {}

  async function timed<T>(step: string, run: () => Promise<T>): Promise<T> {
    const begun = performance.now()
    const value = await run()
    stagesMs[step.split(':', 1).join()] = Math.round(performance.now() - begun)
    return value
  }

  function remember(entry: JournalEntry): void {
    memory.set(entry.step, entry)
    // Nobody waits: the next step or send fails where this does, and `settled`.
    void queue.add({ step: entry.step, state: 'done', value: entry.value })
  }

  return {
    job,
    signal,

    async once<T>(step: string, run: () => Promise<T>): Promise<T> {
      queue.throwIfFailed()
      const entry = memory.get(step)
      // The step's name stands for its type: only this step ever writes it.
      if (entry?.state === 'done') return entry.value as T
      // A process that was asleep does not pay for what the next one has paid for.
      await confirmLease()
      const value = await timed(step, run)
      remember({ step, state: 'done', sends: 0, value })
      // Nothing is to be built on what can only be lost.
      queue.throwIfFailed()
      return value
    },

    remember(name, value) {
      if (memory.get(name) === undefined) remember({ step: name, state: 'done', sends: 0, value })
    },

    remembered<T>(name: string): T | undefined {
      const entry = memory.get(name)
      return entry?.state === 'done' ? (entry.value as T) : undefined
    },

    async send(step, run) {
      queue.throwIfFailed()
      const entry = memory.get(step)
      if (entry?.state === 'done') return entry.value as number
      if (entry !== undefined && entry.sends >= MAX_SENDS) {
        throw new AppError(
          'send-given-up',
          `${step}: sent ${entry.sends} times, nobody knows to what end`,
        )
      }
      const sends = (await queue.add({ step, state: 'started' })).get(step) ?? 1
      if (sends > 1) log.warn('duplicate_possible', { job_id: job.id, step })
      memory.set(step, { step, state: 'started', sends, value: undefined })
      const messageId = await timed(step, run).catch(async (error: unknown) => {
        if (!isPossiblySent(error)) {
          await journal.unstart(job, step)
          memory.set(step, { step, state: 'started', sends: sends - 1, value: undefined })
        }
        throw error
      })
      remember({ step, state: 'done', sends, value: messageId })
      return messageId
    },

    settled: queue.settled,

    confirm: confirmLease,

    stagesMs: () => ({ ...stagesMs }),
  }
}

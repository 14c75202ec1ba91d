import { randomUUID } from 'node:crypto'
import { AppError, recover } from '../error.ts'
import { type RunMeasures, runMeasures } from '../measures.ts'
import type { Log } from '../ports.ts'
import type { Charge, ChargedStep, PaidStep, Usage } from '../usage.ts'
import { isPossiblySent } from './failure.ts'
import type { Job, JobRun } from './job.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { journalQueue } from './journal-queue.ts'
import { stepTimer } from './step-timer.ts'
import type { UnstoredCharges } from './unstored-charges.ts'

/** Sends of one step whose outcome is not known: a repeat is better than silence, a fifth is not. */
const MAX_SENDS = 4

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
   * Waits until the steps that a run has left under way have ended, and what they cost is stored as far as possible. Its
   * signal has to be aborted before: a process may be frozen, and a test may count, as soon as its runs are over.
   */
  ended(): Promise<void>
}

/**
 * Begins a run with the job's journal: what an earlier run paid for is not paid again, and what it sent is not
 * sent again, unless its outcome cannot be known.
 */
export async function beginRun(
  { journal, unstoredCharges, log, confirmLease, price = (usage) => usage }: RunDeps,
  job: Job,
  signal: AbortSignal,
): Promise<EndingRun> {
  const entries = job.isResumed ? await journal.read(job.id) : []
  const cache = new Map(entries.map((entry) => [entry.step, entry]))
  const queue = journalQueue({ journal, unstoredCharges }, job, signal)
  const measures = runMeasures()
  const timer = stepTimer({ measures, log })
  const stepsUnderWay = new Set<Promise<unknown>>()
  let confirmation: Promise<unknown> | undefined

  async function pay<T>(step: PaidStep, call: (charge: Charge) => Promise<T>): Promise<T> {
    const value = timer.time(step, () => call(charge(step)))
    stepsUnderWay.add(value)
    try {
      return await value
    } finally {
      stepsUnderWay.delete(value)
    }
  }

  function keep(entry: JournalEntry): void {
    cache.set(entry.step, entry)
    // Not awaited: where it fails, the next step, the next send and `settled` throw.
    void queue.add({ step: entry.step, state: 'done', value: entry.value })
  }

  const charge =
    (step: ChargedStep): Charge =>
    (usage) => {
      const pricedUsage = price(usage)
      log.debug('call_charged', { step, ...pricedUsage })
      queue.charge({ ...pricedUsage, step, callId: randomUUID() })
    }

  /** Once a run: a run is short, and sends that follow one another find the same. */
  async function confirmReach(reach: () => Promise<unknown>): Promise<void> {
    // Telegram answers, and that is the question.
    confirmation ??= recover(reach(), ['telegram-bad-entities', 'telegram-rejected'], () => {})
    const attempt = confirmation
    await attempt.catch((error: unknown) => {
      confirmation = undefined
      throw error
    })
  }

  /** Counts a send that failed; one that has certainly not happened no longer counts as sent. */
  async function noteFailedSend(step: string, sends: number, error: unknown): Promise<void> {
    if (error instanceof AppError) {
      measures.count('provider_errors', { stage: 'send', code: error.code })
    }
    if (isPossiblySent(error)) return
    await journal.unstart(job, step)
    cache.set(step, { step, state: 'started', sends: sends - 1, value: undefined })
  }

  return {
    job,
    signal,
    measures,
    charge,

    async once<T>(step: PaidStep, run: (charge: Charge) => Promise<T>): Promise<T> {
      queue.throwIfFailed()
      const entry = cache.get(step)
      // The step's name stands for its type: only this step ever writes it.
      if (entry?.state === 'done') {
        log.debug('step_remembered', { step })
        return entry.value as T
      }
      // A process that was asleep does not pay for what the next one has paid for.
      await confirmLease()
      const value = await pay(step, run)
      keep({ step, state: 'done', sends: 0, value })
      // Nothing is to be built on what can only be lost.
      queue.throwIfFailed()
      return value
    },

    store(name, value) {
      if (cache.get(name) === undefined) keep({ step: name, state: 'done', sends: 0, value })
    },

    stored<T>(name: string): T | undefined {
      const entry = cache.get(name)
      return entry?.state === 'done' ? (entry.value as T) : undefined
    },

    async send<T>(step: string, run: () => Promise<T>, reach: () => Promise<unknown>): Promise<T> {
      queue.throwIfFailed()
      const entry = cache.get(step)
      if (entry?.state === 'done') return entry.value as T
      if (entry !== undefined && entry.sends >= MAX_SENDS) {
        throw new AppError(
          'send-given-up',
          `${step}: sent ${entry.sends} times, nobody knows to what end`,
        )
      }
      // An outage is waited out here, and spends no send.
      if (entry !== undefined && entry.sends > 0) await confirmReach(reach)
      const sends = (await queue.add({ step, state: 'started' })).get(step) ?? 1
      if (sends > 1) {
        log.warn('duplicate_possible', { job_id: job.id, step })
        measures.count('duplicates_possible', {})
      }
      cache.set(step, { step, state: 'started', sends, value: undefined })
      const result = await timer.time(step, run, 'send').catch(async (error: unknown) => {
        await noteFailedSend(step, sends, error)
        throw error
      })
      keep({ step, state: 'done', sends, value: result })
      return result
    },

    settled: queue.settled,

    async ended() {
      await Promise.allSettled(stepsUnderWay)
      await Promise.allSettled([queue.settled()])
    },

    confirm: confirmLease,

    stagesMs: timer.stagesMs,
  }
}

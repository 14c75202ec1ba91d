import { AppError, hasCode, recover } from '../error.ts'
import type { RunMeasures } from '../measures.ts'
import type { Log } from '../ports.ts'
import { isPossiblySent } from './failure.ts'
import type { Job, JobRun } from './job.ts'
import type { Journal } from './journal.ts'
import type { JournalQueue } from './journal-queue.ts'
import type { StepTimer } from './step-timer.ts'
import type { StoredSteps } from './stored-steps.ts'

/** Sends of one step whose outcome is not known: a repeat is better than silence, a fifth is not. */
const MAX_SENDS = 4

type SendsDeps = {
  job: Job
  journal: Pick<Journal, 'unstart'>
  steps: StoredSteps
  queue: Pick<JournalQueue, 'add' | 'throwIfFailed'>
  timer: StepTimer
  measures: RunMeasures
  log: Log
}

/** Sends each message of a run once, as far as that can be known. */
export function sends(deps: SendsDeps): Pick<JobRun, 'send'> {
  const { steps, queue, timer } = deps
  const confirmReach = reachConfirmation()

  return {
    async send<T>(step: string, call: () => Promise<T>, reach: () => Promise<unknown>): Promise<T> {
      queue.throwIfFailed()
      const entry = steps.find(step)
      if (entry?.state === 'done') return entry.value as T
      const earlierSends = entry?.sends ?? 0
      if (earlierSends >= MAX_SENDS) throw givenUp(step, earlierSends)
      // An outage is waited out here, and spends no send.
      if (earlierSends > 0) await confirmReach(reach)
      const count = await startSend(deps, step)
      const result = await timer.time(step, call, 'send').catch(async (error: unknown) => {
        await noteFailedSend(deps, step, count, error)
        throw isPossiblySent(error) ? unknownOutcome(step, count, error) : error
      })
      steps.keep(step, result, count)
      return result
    },
  }
}

/** Asks once a run whether the chat can be reached: a run is short, and all of its sends find the same. */
function reachConfirmation(): (reach: () => Promise<unknown>) => Promise<void> {
  let confirmation: Promise<unknown> | undefined
  return async (reach) => {
    // A refusal is an answer of Telegram's, too, and only an answer is asked for.
    confirmation ??= recover(reach(), ['telegram-bad-entities', 'telegram-rejected'], () => {})
    const attempt = confirmation
    await attempt.catch((error: unknown) => {
      confirmation = undefined
      throw error
    })
  }
}

/** Stores that a send begins; returns how often this step has been sent by now, this time counted. */
async function startSend({ job, steps, queue, measures, log }: SendsDeps, step: string) {
  const count = (await queue.add({ step, state: 'started' })).get(step) ?? 1
  if (count > 1) {
    log.warn('duplicate_possible', { job_id: job.id, step })
    measures.count('duplicates_possible', {})
  }
  steps.note({ step, state: 'started', sends: count, value: undefined })
  return count
}

/** A send that has failed so as to leave its outcome unknown, with the sends so far: they decide about the next one. */
function unknownOutcome(step: string, sends: number, error: unknown): unknown {
  if (!hasCode(error, 'telegram-failed')) return error
  if (sends >= MAX_SENDS) return givenUp(step, sends, error)
  return new AppError(error.code, error.message, { cause: error.cause, sends })
}

function givenUp(step: string, sends: number, cause?: unknown): AppError {
  const message = `${step}: sent ${sends} times, and the outcome of none is known`
  return new AppError('send-given-up', message, { cause })
}

/** Counts a send that failed; a send that has certainly not happened no longer counts as sent. */
async function noteFailedSend(
  { job, journal, steps, measures }: SendsDeps,
  step: string,
  count: number,
  error: unknown,
): Promise<void> {
  if (error instanceof AppError) {
    measures.count('provider_errors', { stage: 'send', code: error.code })
  }
  if (isPossiblySent(error)) return
  await journal.unstart(job, step)
  steps.note({ step, state: 'started', sends: count - 1, value: undefined })
}

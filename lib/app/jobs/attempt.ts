import { AppError } from '../error.ts'
import type { Log, Now, Random } from '../ports.ts'
import type { Breaker } from './breaker.ts'
import { ageMsOf, describeError, fateOf, isLost } from './failure.ts'
import type { JobHandler } from './handler.ts'
import type { Inbox } from './inbox.ts'
import type { Job } from './job.ts'
import { openBreaker } from './open-breaker.ts'
import type { EndingRun } from './run.ts'
import type { Timings } from './timings.ts'

export type AttemptDeps = {
  inbox: Inbox
  breaker: Pick<Breaker, 'open'>
  log: Log
  now: Now
  random: Random
  timings: Timings
}

/** What runs a source's jobs, and whether failed ones are retried. */
export type RunnableSource = { handler: JobHandler; retries: boolean }

/** Why a job is buried whose earlier runs have killed their processes: attempts are counted at the claim. */
export const UNSEEN = new AppError('provider-failed', 'Every attempt ended unseen.')

/** Runs a claimed job to its end, or does with it what its failure asks for. Throws where the run has lost it. */
export async function attempt(
  deps: AttemptDeps,
  source: RunnableSource,
  run: EndingRun,
): Promise<void> {
  const { inbox, timings } = deps
  const { handler } = source
  try {
    if (run.job.attempts > timings.maxAttempts) return await bury(deps, source, run, UNSEEN)
    await (run.job.isSurplus ? handler.onSurplus(run) : handler.run(run))
    await run.settled()
    await inbox.finish(run.job, run.measures.samples('done'))
  } catch (error) {
    // The edge of all that runs a job.
    await meetFate(deps, source, run, error)
  }
}

async function meetFate(
  deps: AttemptDeps,
  source: RunnableSource,
  run: EndingRun,
  error: unknown,
): Promise<void> {
  const { inbox, log, random, timings } = deps
  const { job } = run
  // What the run has paid for is stored before its job is given back.
  await storeResults(deps, run)

  const { attempts, postponements } = job
  const circumstances = { attempts, postponements, ageMs: ageMsOf(job, deps.now), jitter: random() }
  const fate = fateOf(error, circumstances, { retriesFailures: source.retries, timings })
  if (fate.kind === 'lose') throw error
  if (fate.kind === 'abandon') {
    log.info('client_left', { job_id: job.id, lane: job.lane })
    return inbox.abandon(job, describeError(error), run.measures.samples('again'))
  }
  logFailure(log, job, error)
  // Also where the job itself is given up.
  const probeInMs = await openBreaker(deps, error)
  await settle(deps, source, run, fate, { error, probeInMs })
}

/** Logs an unexpected error whole, and an AppError in a line without its stack. */
function logFailure(log: Log, job: Job, error: unknown): void {
  const fields = { job_id: job.id, lane: job.lane, attempts: job.attempts }
  if (!(error instanceof AppError)) log.error('unhandled_exception', { ...fields, error })
  else {
    const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) }
    log.warn('processing_error', { ...fields, error: describeError(error), ...cause })
  }
}

/** Leaves the job as its fate has it, for the next run or for good. */
async function settle(
  deps: AttemptDeps,
  source: RunnableSource,
  run: EndingRun,
  fate: LastingFate,
  { error, probeInMs }: { error: unknown; probeInMs: number | undefined },
): Promise<void> {
  const { inbox, timings } = deps
  const { job } = run
  switch (fate.kind) {
    case 'bury':
      return bury(deps, source, run, error)
    case 'leave':
      return inbox.leave(job, describeError(error), run.measures.samples('again'))
    case 'park': {
      await tellSender(deps, run, source.handler.onParked(run))
      const afterMs = fate.afterMs ?? probeInMs ?? timings.probeFirstMs
      const retry = { afterMs, countsAttempt: false, isParked: true }
      const samples = run.measures.samples('again')
      return inbox.retryLater(job, { ...retry, error: describeError(error), samples })
    }
    case 'postpone': {
      if (fate.tellsSender) await tellSender(deps, run, source.handler.onDelayed(run))
      const { afterMs, countsAttempt } = fate
      run.measures.count('retries', { stage: 'job' })
      const samples = run.measures.samples('again')
      return inbox.retryLater(job, { afterMs, countsAttempt, error: describeError(error), samples })
    }
    default:
      return fate satisfies never
  }
}

type LastingFate = Exclude<ReturnType<typeof fateOf>, { kind: 'lose' | 'abandon' }>

async function bury(
  deps: AttemptDeps,
  source: RunnableSource,
  run: EndingRun,
  error: unknown,
): Promise<void> {
  const { job } = run
  await tellSender(deps, run, source.handler.onDead(run))
  await deps.inbox.bury(job, describeError(error), run.measures.samples('dead'))
  // The sender of another source's job hears of its failure, and decides.
  if (!source.retries) return
  const fields = { alert: true, job_id: job.id, lane: job.lane, error: describeError(error) }
  deps.log.error('job_dead', fields)
}

/** Waits until a word to the sender is delivered and stored; the job's fate does not hang on it. */
async function tellSender(deps: AttemptDeps, run: EndingRun, word: Promise<void>): Promise<void> {
  await unlessLost(word, (error) => deps.log.warn('apology_failed', { job_id: run.job.id, error }))
  await storeResults(deps, run)
}

/** Waits until all that a run has paid for and sent is stored, as far as possible. */
async function storeResults({ log }: AttemptDeps, run: EndingRun): Promise<void> {
  await unlessLost(run.settled(), (error) =>
    log.error('not_remembered', { job_id: run.job.id, error }),
  )
}

/** Awaits work of a run that has failed. A failure of its own is reported; thrown only where the run has lost its job. */
async function unlessLost(work: Promise<void>, report: (error: unknown) => void): Promise<void> {
  await work.catch((error: unknown) => {
    if (isLost(error)) throw error
    // The job meets its fate all the same.
    report(error)
  })
}

import { storable } from '../domain/storable.ts'
import { AppError, hasCode } from './error.ts'
import { beginRun } from './job-run.ts'
import type { Breaker, Inbox, Job, JobRun, Journal, Log, Now, Random, Sleep } from './ports.ts'
import type { Timings } from './timings.ts'

/** How the jobs of one source are run, and what their sender hears when that fails. */
export type JobHandler = {
  run(run: JobRun): Promise<void>
  /** The provider has no quota left: the job waits for it. One word, once. */
  onParked(run: JobRun): Promise<void>
  /** The job is given up: one apology. */
  onDead(run: JobRun): Promise<void>
  /** False where the sender hears of a failure at once and asks again: no retries behind their back. */
  retriesFailures: boolean
}

export type DrainDeps = {
  inbox: Inbox
  journal: Journal
  breaker: Breaker
  /** The handler of a job, by its source. */
  handlerOf(source: string): JobHandler
  log: Log
  now: Now
  sleep: Sleep
  random: Random
  timings: Timings
}

/**
 * Runs a lane's jobs one after another, in the order of their arrival, until it is empty, another run
 * holds it, or the soft deadline has passed. Throws only where the database does not answer: the
 * lease then lapses, and a sweep takes the job up. Stops behind the job with the key `last`, if given.
 */
export async function drain(deps: DrainDeps, lane: string, last?: string): Promise<void> {
  const { inbox, now, sleep, timings } = deps
  const begun = now().getTime()
  const hardDeadline = AbortSignal.timeout(timings.hardDeadlineMs)
  const msLeft = () => begun + timings.softDeadlineMs - now().getTime()

  while (msLeft() > 0) {
    const claim = await inbox.claim(lane)
    if (claim.kind === 'claimed') {
      await runJob(deps, claim.job, hardDeadline)
      if (claim.job.key === last) return
    } else if (claim.kind === 'wait' && claim.ms < msLeft()) await sleep(claim.ms)
    else return
  }
}

async function runJob(deps: DrainDeps, job: Job, hardDeadline: AbortSignal): Promise<void> {
  const handler = deps.handlerOf(job.source)
  const lease = keepLease(deps, job)
  try {
    const run = await beginRun(deps, job, AbortSignal.any([lease.ended, hardDeadline]))
    await attempt(deps, handler, run).catch((error: unknown) =>
      afterFailure(deps, handler, run, error),
    )
  } catch (error) {
    if (!hasCode(error, 'lease-lost')) throw error
    deps.log.warn('lease_lost', { job_id: job.id, lane: job.lane })
  } finally {
    lease.stop()
  }
}

async function attempt(deps: DrainDeps, handler: JobHandler, run: JobRun): Promise<void> {
  // The run before may have killed its process: the attempt is counted at the claim.
  if (run.job.attempts > deps.timings.maxAttempts) {
    return bury(deps, handler, run, new AppError('provider-failed', 'Every attempt ended unseen.'))
  }
  await handler.run(run)
  await deps.inbox.finish(run.job)
}

async function afterFailure(
  deps: DrainDeps,
  handler: JobHandler,
  run: JobRun,
  error: unknown,
): Promise<void> {
  const { inbox, log, timings } = deps
  const { job } = run
  const told = { job_id: job.id, lane: job.lane, attempts: job.attempts, error }

  if (hasCode(error, 'lease-lost', 'database-unavailable')) throw error
  log.error(error instanceof AppError ? 'processing_error' : 'unhandled_exception', told)

  if (hasCode(error, 'provider-quota-exhausted')) await deps.breaker.open()
  if (!handler.retriesFailures) return bury(deps, handler, run, error)

  // Nobody is there to read an answer.
  if (hasCode(error, 'telegram-blocked')) return inbox.bury(job, describe(error))

  // The same request would be refused again, and the learner's next message waits behind it.
  if (hasCode(error, 'telegram-rejected')) return bury(deps, handler, run, error)

  const age = deps.now().getTime() - job.receivedAt.getTime()
  if (age > timings.giveUpAfterMs) return bury(deps, handler, run, error)
  if (hasCode(error, 'provider-quota-exhausted')) {
    await courtesy(deps, run, handler.onParked(run))
    const afterMs = error.retryAfterMs ?? timings.parkMs
    return inbox.retryLater(job, retry(error, afterMs, { countsAttempt: false, parked: true }))
  }
  if (error instanceof AppError && error.retryAfterMs !== undefined) {
    return inbox.retryLater(job, retry(error, error.retryAfterMs, { countsAttempt: false }))
  }
  if (job.attempts >= timings.maxAttempts) return bury(deps, handler, run, error)
  return inbox.retryLater(job, retry(error, backoffMs(deps, job.attempts), { countsAttempt: true }))
}

async function bury(
  deps: DrainDeps,
  handler: JobHandler,
  run: JobRun,
  error: unknown,
): Promise<void> {
  const { job } = run
  await courtesy(deps, run, handler.onDead(run))
  await deps.inbox.bury(job, describe(error))
  const told = { alert: true, job_id: job.id, lane: job.lane, error: describe(error) }
  deps.log.error('job_dead', told)
}

/** Waits for a word to the sender; what becomes of the job does not hang on its delivery. */
async function courtesy({ log }: DrainDeps, { job }: JobRun, word: Promise<void>): Promise<void> {
  await word.catch((error: unknown) => {
    if (hasCode(error, 'lease-lost', 'database-unavailable')) throw error
    log.warn('apology_failed', { job_id: job.id, error })
  })
}

function retry(
  error: unknown,
  afterMs: number,
  how: { countsAttempt: boolean; parked?: boolean },
): Parameters<Inbox['retryLater']>[1] {
  return { afterMs, error: describe(error), ...how }
}

// Full jitter: many jobs that failed together do not come back together.
function backoffMs({ random, timings }: DrainDeps, attempts: number): number {
  return random() * timings.backoffFirstMs * timings.backoffFactor ** (attempts - 1)
}

function describe(error: unknown): string {
  if (error instanceof AppError) return storable(`${error.code}: ${error.message}`)
  return storable(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
}

/** Renews the lease while the job runs; `ended` aborts when it is lost, and when the run is over. */
function keepLease({ inbox, log, timings }: DrainDeps, job: Job) {
  const end = new AbortController()
  const renew = () =>
    inbox.renew(job).then(
      (isOurs) => {
        if (!isOurs) end.abort(new AppError('lease-lost', `Another run took job ${job.id} over.`))
      },
      // The next renewal may get through; if none does, every write is fenced.
      (error: unknown) => log.warn('lease_not_renewed', { job_id: job.id, error }),
    )
  const timer = setInterval(renew, timings.renewEveryMs)
  return {
    ended: end.signal,
    stop() {
      clearInterval(timer)
      // What a failed run has left under way must not go on paying.
      end.abort(new AppError('lease-lost', `The run of job ${job.id} is over.`))
    },
  }
}

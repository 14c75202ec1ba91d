import { storable } from '../../domain/storable.ts'
import { AppError, hasCode } from '../error.ts'
import type { Log, Now, Random, Sleep } from '../ports.ts'
import type { InTurn } from '../turns.ts'
import type { Breaker } from './breaker.ts'
import { fateOf, fateOfInterrupted } from './failure.ts'
import type { Inbox } from './inbox.ts'
import type { Job, JobKey, JobRun } from './job.ts'
import type { Journal } from './journal.ts'
import { beginRun } from './run.ts'
import type { Timings } from './timings.ts'

/** How the jobs of one source are run, and what their sender hears when that fails. */
export type JobHandler = {
  run(run: JobRun): Promise<void>
  /** The provider has no quota left: the job waits for it. One word, once. */
  onParked(run: JobRun): Promise<void>
  /** It failed for the first time and is tried again: one word, so that nobody sends it twice. */
  onDelayed(run: JobRun): Promise<void>
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
  /** Bounds how many jobs this process runs at once; a lane waits for its turn before each. */
  inTurn: InTurn
  log: Log
  now: Now
  sleep: Sleep
  random: Random
  /** Aborts when this process is to end: no new job then. */
  stopping: AbortSignal
  timings: Timings
}

/**
 * Runs a lane's jobs one after another, in the order of their arrival, until it is empty, another run
 * holds it, the soft deadline has passed, or the process is to end. Stops behind the job `last`, if
 * given. Throws where the database goes away and stays away: the lease then lapses, and a sweep takes the
 * job up.
 */
export async function drain(deps: DrainDeps, lane: string, last?: JobKey): Promise<void> {
  const { inbox, inTurn, now, sleep, stopping, timings } = deps
  const begun = now().getTime()
  const msLeft = () => begun + timings.softDeadlineMs - now().getTime()
  const hardDeadline = deadline(timings.hardDeadlineMs)
  // By a timer, too: a clock that is set back must not keep a drain going for as long.
  const ending = AbortSignal.any([stopping, hardDeadline])

  for (;;) {
    const claim = await inTurn(async () => {
      // Looked at only now: to wait for the turn may have taken long.
      if (msLeft() <= 0 || ending.aborted) return undefined
      const claim = await inbox.claim(lane)
      if (claim.kind === 'claimed') {
        const { job } = claim
        await runJob(deps, job, hardDeadline).catch((error) => giveBack(deps, job, error))
      }
      return claim
    })
    if (claim?.kind === 'claimed') {
      if (claim.job.source === last?.source && claim.job.key === last.key) return
    } else if (claim?.kind === 'wait' && claim.ms < msLeft()) {
      // Aborted only by what the loop looks at.
      await sleep(claim.ms, ending).catch(() => {})
    } else return
  }
}

/** As AbortSignal.timeout, with a reason that the edges know. */
function deadline(ms: number): AbortSignal {
  const end = new AbortController()
  const late = new AppError('provider-timeout', `The job had not ended after ${ms / 1000} s.`)
  setTimeout(() => end.abort(late), ms).unref()
  return end.signal
}

async function runJob(deps: DrainDeps, job: Job, hardDeadline: AbortSignal): Promise<void> {
  const handler = deps.handlerOf(job.source)
  const lease = keepLease(deps, job)
  try {
    // One attempt more is there for the apology; if not even that can begin, it ends without.
    if (job.attempts > deps.timings.maxAttempts + 1)
      return await deps.inbox.bury(job, UNSEEN.message)
    const { confirm } = lease
    const signal = AbortSignal.any([lease.ended, hardDeadline])
    const run = await beginRun({ ...deps, confirmLease: confirm }, job, signal)
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

/**
 * Gives a job back in whose middle the database went away, as soon as it answers again: most outages are
 * shorter than the lease.
 */
async function giveBack(deps: DrainDeps, job: Job, error: unknown): Promise<void> {
  if (!hasCode(error, 'database-unavailable')) throw error
  const { inbox, log, sleep, stopping, timings } = deps
  const { afterMs, countsAttempt } = fateOfInterrupted({ ageMs: ageOf(job, deps) }, timings)
  const retry = { afterMs, countsAttempt, error: describe(error) }
  for (let tries = 1; ; tries += 1) {
    try {
      await inbox.retryLater(job, retry)
      log.warn('job_interrupted', { job_id: job.id, lane: job.lane, tries, error })
      return
    } catch (failure) {
      if (hasCode(failure, 'lease-lost')) {
        log.warn('lease_lost', { job_id: job.id, lane: job.lane })
        return
      }
      if (!hasCode(failure, 'database-unavailable')) throw failure
      if (tries >= timings.giveBackTries || stopping.aborted) throw error
    }
    await sleep(timings.giveBackFirstMs * 2 ** (tries - 1), stopping).catch(() => {})
  }
}

/** The runs before have killed their processes: attempts are counted at the claim. */
const UNSEEN = new AppError('provider-failed', 'Every attempt ended unseen.')

async function attempt(deps: DrainDeps, handler: JobHandler, run: JobRun): Promise<void> {
  if (run.job.attempts > deps.timings.maxAttempts) return bury(deps, handler, run, UNSEEN)
  await handler.run(run)
  await run.settled()
  await deps.inbox.finish(run.job)
}

async function afterFailure(
  deps: DrainDeps,
  handler: JobHandler,
  run: JobRun,
  error: unknown,
): Promise<void> {
  const { breaker, inbox, log, random, timings } = deps
  const { job } = run
  // What the run has paid for is stored before its job is given back.
  await storeResults(deps, run)

  const circumstances = { attempts: job.attempts, ageMs: ageOf(job, deps), jitter: random() }
  const fate = fateOf(error, circumstances, { retriesFailures: handler.retriesFailures, timings })
  if (fate.kind === 'lose') throw error
  if (fate.kind === 'abandon') {
    log.info('client_left', { job_id: job.id, lane: job.lane })
    return inbox.abandon(job, describe(error))
  }
  const event = error instanceof AppError ? 'processing_error' : 'unhandled_exception'
  log.error(event, { job_id: job.id, lane: job.lane, attempts: job.attempts, error })
  // Also where the job itself is given up.
  if (hasCode(error, 'provider-quota-exhausted')) await breaker.open()

  switch (fate.kind) {
    case 'bury':
      if (fate.apologises) return bury(deps, handler, run, error)
      return inbox.bury(job, describe(error))
    case 'park': {
      await tellSender(deps, run, handler.onParked(run))
      const retry = { afterMs: fate.afterMs, countsAttempt: false, parked: true }
      return inbox.retryLater(job, { ...retry, error: describe(error) })
    }
    case 'postpone': {
      if (fate.tellsSender) await tellSender(deps, run, handler.onDelayed(run))
      const { afterMs, countsAttempt } = fate
      return inbox.retryLater(job, { afterMs, countsAttempt, error: describe(error) })
    }
    default:
      return fate satisfies never
  }
}

async function bury(
  deps: DrainDeps,
  handler: JobHandler,
  run: JobRun,
  error: unknown,
): Promise<void> {
  const { job } = run
  await tellSender(deps, run, handler.onDead(run))
  await deps.inbox.bury(job, describe(error))
  const fields = { alert: true, job_id: job.id, lane: job.lane, error: describe(error) }
  deps.log.error('job_dead', fields)
}

/** Waits for a word to the sender; what becomes of the job does not hang on its delivery. */
async function tellSender(deps: DrainDeps, run: JobRun, word: Promise<void>): Promise<void> {
  await word.catch((error: unknown) => {
    if (hasCode(error, 'lease-lost', 'database-unavailable')) throw error
    deps.log.warn('apology_failed', { job_id: run.job.id, error })
  })
  await storeResults(deps, run)
}

/** Waits until all that a run has paid for and sent is stored, as far as that is possible. */
async function storeResults({ log }: DrainDeps, run: JobRun): Promise<void> {
  await run.settled().catch((error: unknown) => {
    if (hasCode(error, 'lease-lost', 'database-unavailable')) throw error
    // What has become of the job is told all the same.
    log.error('not_remembered', { job_id: run.job.id, error })
  })
}

function ageOf(job: Job, { now }: DrainDeps): number {
  return now().getTime() - job.receivedAt.getTime()
}

function describe(error: unknown): string {
  if (error instanceof AppError) return storable(`${error.code}: ${error.message}`)
  return storable(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
}

/** Renews the lease while the job runs; `ended` aborts when it is lost, and when the run is over. */
function keepLease({ inbox, log, now, timings }: DrainDeps, job: Job) {
  const end = new AbortController()
  let heldUntil = now().getTime() + timings.leaseMs
  async function renew(): Promise<void> {
    const askedAt = now().getTime()
    if (await inbox.renew(job)) heldUntil = askedAt + timings.leaseMs
    else end.abort(new AppError('lease-lost', `Another run took job ${job.id} over.`))
  }
  const timer = setInterval(() => {
    renew().catch((error: unknown) => {
      // The next renewal may get through; if none does, every write is fenced.
      log.warn('lease_not_renewed', { job_id: job.id, error })
    })
  }, timings.renewEveryMs)
  return {
    ended: end.signal,
    /** Throws 'lease-lost' in a process that has slept through its lease and lost the job meanwhile. */
    async confirm(): Promise<void> {
      if (now().getTime() >= heldUntil) await renew()
      end.signal.throwIfAborted()
    },
    stop() {
      clearInterval(timer)
      // What a failed run has left under way must not go on paying.
      end.abort(new AppError('lease-lost', `The run of job ${job.id} is over.`))
    },
  }
}

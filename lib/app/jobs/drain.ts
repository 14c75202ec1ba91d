import { AppError, hasCode, recover } from '../error.ts'
import type { Sleep } from '../ports.ts'
import { type AttemptDeps, attempt, UNSEEN } from './attempt.ts'
import { ageMsOf, describeError, fateOfInterrupted } from './failure.ts'
import type { JobHandler } from './handler.ts'
import type { Job, JobKey, LastJob } from './job.ts'
import type { Journal } from './journal.ts'
import { keepLease } from './lease.ts'
import { pause } from './pause.ts'
import { beginRun, type EndingRun, type RunDeps } from './run.ts'
import type { InSlot } from './slots.ts'
import { prefixOf, type SlotClass, SOURCES, type SourcePrefix } from './sources.ts'
import type { UnstoredCharges } from './unstored-charges.ts'

export type DrainDeps = AttemptDeps & {
  journal: Journal
  /** The jobs that this process runs: it takes none of them over from itself where it was too busy to renew their leases. */
  ownJobs: Set<number>
  /** What this process has paid while the database was away. */
  unstoredCharges: UnstoredCharges
  price?: RunDeps['price']
  /** What runs the jobs of each source. */
  handlers: Readonly<Record<SourcePrefix, JobHandler>>
  /** Bounds how many jobs of a class this process runs at once; a lane waits for a slot before each. */
  inSlot: InSlot
  sleep: Sleep
  /** Aborts when this process is to end: no new job then. */
  stopping: AbortSignal
}

/**
 * Runs a lane's jobs one after another, in the order of their arrival, until it is empty, another run
 * holds it, the soft deadline has passed, or the process is to end. Each runs in a slot of its own class;
 * `firstSlots` is that of the first, as far as the caller knows. Stops behind `lastJob`, if given.
 * Throws where the database goes away and stays away: the lease then lapses, and a sweep takes the job up.
 */
export async function drain(
  deps: DrainDeps,
  lane: string,
  firstSlots: SlotClass,
  lastJob?: LastJob,
): Promise<void> {
  const { inbox, inSlot, now, sleep, stopping, timings } = deps
  const startedAt = now().getTime()
  const msLeft = () => startedAt + timings.softDeadlineMs - now().getTime()
  const hardDeadline = deadline(timings.hardDeadlineMs)
  // A timer ends the drain, too: a clock that is set back would keep it going for as long.
  const ending = AbortSignal.any([stopping, hardDeadline])

  for (let slots = firstSlots; ; ) {
    const claim = await inSlot(slots, async () => {
      // Checked inside the slot: the wait for it may have been long.
      if (msLeft() <= 0 || ending.aborted) return undefined
      const claim = await inbox.claim(lane, slots, deps.ownJobs)
      if (claim.kind === 'claimed') {
        if (isSame(claim.job, lastJob)) lastJob?.onBegin?.()
        await storeCharges(deps)
        await runJob(deps, claim.job, hardDeadline)
      }
      return claim
    })
    if (claim?.kind === 'claimed') {
      if (isSame(claim.job, lastJob)) return
    } else if (claim?.kind === 'other-slots') {
      slots = claim.slots
    } else if (claim?.kind === 'wait' && claim.ms < msLeft()) {
      await pause(sleep, claim.ms, ending)
    } else return
  }
}

function isSame(job: JobKey, otherJob: JobKey | undefined): boolean {
  return job.source === otherJob?.source && job.key === otherJob.key
}

/** As AbortSignal.timeout, with a reason that the edges know. */
function deadline(ms: number): AbortSignal {
  const end = new AbortController()
  const timeout = new AppError('provider-timeout', `The job had not ended after ${ms / 1000} s.`)
  setTimeout(() => end.abort(timeout), ms).unref()
  return end.signal
}

/** Stores what was paid while the database was away, as far as it takes it: the next job brings the next try. */
async function storeCharges({ unstoredCharges }: DrainDeps): Promise<void> {
  await recover(unstoredCharges.store(), ['database-unavailable'], () => {})
}

/** Runs a claimed job, and gives it back where the database went away. */
async function runJob(deps: DrainDeps, job: Job, hardDeadline: AbortSignal): Promise<void> {
  const { ownJobs } = deps
  ownJobs.add(job.id)
  // A run that does not end by then is given up.
  const disown = () => void ownJobs.delete(job.id)
  hardDeadline.addEventListener('abort', disown, { once: true })
  const work = recover(runUnderLease(deps, job, hardDeadline), ['database-unavailable'], (error) =>
    giveBack(deps, job, error, hardDeadline),
  )
  // Another run has the job: this one has nothing left to do.
  const run = recover(work, ['lease-lost'], () =>
    deps.log.warn('lease_lost', { job_id: job.id, lane: job.lane }),
  )
  await run.finally(() => {
    hardDeadline.removeEventListener('abort', disown)
    disown()
  })
}

async function runUnderLease(deps: DrainDeps, job: Job, hardDeadline: AbortSignal): Promise<void> {
  const { inbox, handlers, timings } = deps
  const lease = keepLease(deps, job)
  let run: EndingRun | undefined
  try {
    // The attempt beyond the last is there for the apology; if not even that can begin, the job ends without.
    if (job.attempts > timings.maxAttempts + 1) return await inbox.bury(job, UNSEEN.message)
    const prefix = prefixOf(job.source)
    if (prefix === undefined) return await refuseUnknown(deps, job)
    const signal = AbortSignal.any([lease.endSignal, hardDeadline])
    run = await beginRun({ ...deps, confirmLease: lease.confirm }, job, signal)
    await attempt(deps, { handler: handlers[prefix], retries: SOURCES[prefix].retries }, run)
  } finally {
    lease.stop()
    await run?.ended()
  }
}

/**
 * Leaves a job to a later version, which has stored it and is being deployed beside this one. Where none runs it for an hour,
 * this one is all there is: the job is kept, and an operator is told.
 */
async function refuseUnknown({ inbox, log, now, timings }: DrainDeps, job: Job): Promise<void> {
  const { id, source, lane } = job
  const error = `No source of this version is named ${source}.`
  const fields = { job_id: id, source, lane }
  if (ageMsOf(job, now) < timings.deploymentMs) {
    log.info('unknown_source', fields)
    const afterMs = timings.unknownSourceWaitMs
    return inbox.retryLater(job, { afterMs, countsAttempt: false, error })
  }
  await inbox.poison(job, error)
  log.error('unknown_source', { alert: true, ...fields })
}

/**
 * Gives a job back that the database has interrupted, as soon as it answers again. Throws `error` where the database stays
 * away: the lease then lapses, and the claim of the next run counts an attempt, as it cannot tell an outage from a crash.
 */
async function giveBack(
  deps: DrainDeps,
  job: Job,
  error: AppError,
  hardDeadline: AbortSignal,
): Promise<void> {
  const { inbox, log, now, sleep, stopping, timings } = deps
  const { afterMs, countsAttempt } = fateOfInterrupted({ ageMs: ageMsOf(job, now) }, timings)
  const retry = { afterMs, countsAttempt, error: describeError(error) }
  const ending = AbortSignal.any([stopping, hardDeadline])
  for (let tries = 1; ; tries += 1) {
    try {
      // A database without room for new rows still takes the job back.
      await storeCharges(deps)
      await inbox.retryLater(job, retry)
      log.warn('job_interrupted', { job_id: job.id, lane: job.lane, tries, error })
      return
    } catch (failure) {
      // An outage that goes on is what this loop is for.
      if (!hasCode(failure, 'database-unavailable')) throw failure
      if (tries >= timings.giveBackTries || ending.aborted) throw error
    }
    // Cut short when the process or the function is to end: then the next try is the last.
    const waitMs = Math.min(timings.giveBackMaxMs, timings.giveBackFirstMs * 2 ** (tries - 1))
    await pause(sleep, waitMs, ending)
  }
}

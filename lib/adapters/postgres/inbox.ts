import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Inbox, Retry, StoredJob } from '../../app/jobs/inbox.ts'
import { ANSWER } from '../../app/jobs/journal.ts'
import { claim } from './claim.ts'
import { dueLanesAmong } from './due-lanes.ts'
import { isOwned, requireLease } from './fence.ts'
import { endUnfinished, finish, noLease } from './job-ends.ts'
import { measuring } from './measurement.ts'
import { addJob } from './new-job.ts'
import { numberingPlaces } from './unheard-places.ts'
import { pausing, pruning } from './usage.ts'

/** Done jobs are kept for longer than Telegram resends (24 h) and API answers are replayed (24 h). */
const KEEP_DONE = '25 hours'
/** Dead and poisoned ones wait for a person to look at them. */
const KEEP_FAILED = '30 days'
/** More than a lesson makes, so that the ledger is pruned as fast as jobs are. */
const CALLS_OF_A_JOB = 10
/** Due jobs that a sweep looks at first, for each lane that it may find: many may stand behind one another. */
const LOOKED_AT_PER_LANE = 10

/**
 * The inbox in PostgreSQL. Times are the database's own, so that instances whose clocks differ agree
 * about leases. Fenced calls throw 'lease-lost'.
 */
export function pgInbox(db: Kysely<Tables>, { leaseSeconds }: { leaseSeconds: number }): Inbox {
  const lease = `${leaseSeconds} seconds`
  return {
    add: (job) => addJob(db, job),

    async find(source, key) {
      const { rows } = await sql<StoredJob>`
        select id, state, request_hash as "requestHash", last_error as "lastError",
          finished_at::text as "finishedAt",
          greatest(0, extract(epoch from due_at - now()) * 1000)::float8 as "dueInMs"
        from inbox
        where source = ${source} and key = ${key}`.execute(db)
      return rows[0]
    },

    claim: (lane, slots, ownJobs) => claim(db, { lane, slots, ownJobs, lease }),

    async renew(fence) {
      const { rows } = await sql`
        update inbox set lease_until = now() + ${lease}::interval
        where ${isOwned(fence)} returning id`.execute(db)
      return rows.length === 1
    },

    finish: (fence, samples) => finish(db, fence, samples),

    async retryLater(fence, retry: Retry) {
      const { rows } = await sql`
        with postponed as (
          update inbox set due_at = now() + ${retry.afterMs}::float8 * interval '1 millisecond',
            attempts = attempts - ${retry.countsAttempt ? 0 : 1}::integer,
            postponements = postponements + ${retry.countsAttempt ? 0 : 1}::integer,
            parked = ${retry.isParked ?? false}, last_error = ${retry.error}, ${noLease}
          where ${isOwned(fence)} returning id
        ),
        ${pausing(fence, sql`postponed`)}
        ${measuring(retry.samples ?? [], sql`postponed`)}
        select id from postponed`.execute(db)
      requireLease(rows, fence)
    },

    bury: (fence, error, samples) =>
      numberingPlaces(() => endUnfinished(db, fence, error, 'buried', samples)),
    abandon: (fence, error, samples) =>
      numberingPlaces(() => endUnfinished(db, fence, error, 'abandoned', samples)),
    leave: (fence, error, samples) =>
      numberingPlaces(() => endUnfinished(db, fence, error, 'left', samples)),

    async poison(fence, error) {
      const { rows } = await sql`
        with poisoned as (
          update inbox set state = 'poison', finished_at = now(), last_error = ${error}, ${noLease}
          where ${isOwned(fence)} returning id
        ),
        ${pausing(fence, sql`poisoned`)}
        select id from poisoned`.execute(db)
      requireLease(rows, fence)
    },

    async reopen(job, storedJob) {
      const { rows } = await sql`
        with reopened as (
          update inbox set state = 'waiting', attempts = 0, postponements = 0, last_error = null, received_at = now(),
            due_at = now(), finished_at = null, payload = ${job.payload}, attachment = ${job.attachment ?? null}
          where id = ${storedJob.id} and state = ${storedJob.state} and finished_at::text = ${storedJob.finishedAt}
          returning id
        ), unanswered as (
          delete from journal using reopened where job_id = reopened.id and step = ${ANSWER}
        )
        select id from reopened`.execute(db)
      return rows.length === 1
    },

    async dueLanes(limit) {
      // Mostly the oldest jobs head lanes enough; where they stand behind others, all have to be seen.
      const oldest = await dueLanesAmong(db, limit * LOOKED_AT_PER_LANE, limit)
      const areAllSeen = oldest.jobsSeen < limit * LOOKED_AT_PER_LANE
      if (areAllSeen || oldest.lanes.length === limit) return oldest.lanes
      return (await dueLanesAmong(db, null, limit)).lanes
    },

    async prune(limit) {
      // By then the learner's day is over, and the job's place in it is not counted any more.
      const { rows } = await sql`
        with pruned as (
          delete from inbox where id in (
            select id from inbox
            where finished_at < now() - ${KEEP_DONE}::interval
              and (state = 'done' or finished_at < now() - ${KEEP_FAILED}::interval)
            limit ${limit} for update skip locked)
          returning id
        ), forgotten as (
          delete from quota_use using pruned where job_id = pruned.id
        ), forgotten_failures as (
          delete from quota_use where job_id is null and day < (now() - ${KEEP_FAILED}::interval)::date
        ),
        ${pruning(limit * CALLS_OF_A_JOB)}
        select id from pruned`.execute(db)
      return rows.length
    },
  }
}

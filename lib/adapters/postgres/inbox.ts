import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import {
  type Addition,
  type Claim,
  type DueLane,
  fullLaneOf,
  type Inbox,
  LANE_DEPTH,
  type NewJob,
  type Retry,
  type StoredJob,
} from '../../app/jobs/inbox.ts'
import type { Fence, Job } from '../../app/jobs/job.ts'
import { ANSWER, HELD } from '../../app/jobs/journal.ts'
import type { SlotClass } from '../../app/jobs/sources.ts'
import type { Sample } from '../../app/measures.ts'
import { isOwned, requireLease } from './fence.ts'
import { measuring } from './measurement.ts'
import { nextUnheardPlace, numberingPlaces } from './unheard-places.ts'
import { isPaid, pruning, settling } from './usage.ts'

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

    async claim(lane, slots, ownJobs = new Set()) {
      // The locked row is asked again whether it is free: what `head` saw may be out of date by the
      // time the lock is held. A later job may be running when this one was reopened. Behind one that
      // was never claimed none is, and the many that may wait there are not looked at.
      // The lane as a range leaves no index but one to order by: by id alone, a plan made while most
      // jobs waited in one lane would go on to read all those done since.
      const { rows } = await sql<ClaimRow>`
        with head as (
          select id, due_at, lease_until, slots, parked from inbox
          where lane between ${lane} and ${lane} and state = 'waiting' order by lane, id limit 1
        ), free as (
          select id, lease_token is not null as is_resumed from inbox
          where id = (select id from head where slots = ${slots}) and state = 'waiting'
            and due_at <= now()
            and id <> all(string_to_array(${[...ownJobs].join(',')}, ',')::bigint[])
            and (lease_until is null or lease_until < now())
            and (lease_token is null or not exists (
              select from inbox other
              where other.lane = ${lane} and other.state = 'waiting' and other.lease_until > now()))
          for update skip locked
        ), taken as (
          update inbox set attempts = attempts + 1, parked = false,
            lease_token = ${randomUUID()}::uuid, lease_until = now() + ${lease}::interval
          from free where inbox.id = free.id
          returning inbox.*, free.is_resumed
        )
        select taken.id, source, key, lane, payload, attachment, attempts, postponements, is_surplus,
          received_at, lease_token, is_resumed, head.slots,
          head.parked as is_parked,
          coalesce(head.lease_until > now(), false) as is_leased,
          extract(epoch from head.due_at - now())::float8 * 1000 as due_in_ms
        from head left join taken on true`.execute(db)
      return claimOf(rows[0], slots)
    },

    async renew(fence) {
      const { rows } = await sql`
        update inbox set lease_until = now() + ${lease}::interval
        where ${isOwned(fence)} returning id`.execute(db)
      return rows.length === 1
    },

    async finish(fence, samples = []) {
      // What a finished job said is in its lesson: only an API answer is asked for again.
      const { rows } = await sql`
        with finished as (
          update inbox set state = 'done', finished_at = now(), payload = '', attachment = null,
            last_error = null, ${noLease}, ${duplicatesCounted(fence)}
          where ${isOwned(fence)} returning id
        ), forgotten as (
          delete from journal using finished
          where job_id = finished.id and step not in (${ANSWER}, ${HELD})
        ),
        ${settling(fence, sql`finished`)},
        emptied as (
          update quota_use set reserved_micro_usd = 0
          from hold, finished where quota_use.job_id = hold.job_id
        )
        ${measuring(samples, sql`finished`)}
        select id from finished`.execute(db)
      requireLease(rows, fence)
    },

    async retryLater(fence, retry: Retry) {
      const { rows } = await sql`
        with postponed as (
          update inbox set due_at = now() + ${retry.afterMs}::float8 * interval '1 millisecond',
            attempts = attempts - ${retry.countsAttempt ? 0 : 1}::integer,
            postponements = postponements + ${retry.countsAttempt ? 0 : 1}::integer,
            parked = ${retry.isParked ?? false}, last_error = ${retry.error}, ${noLease}
          where ${isOwned(fence)} returning id
        )
        ${measuring(retry.samples ?? [], sql`postponed`)}
        select id from postponed`.execute(db)
      requireLease(rows, fence)
    },

    bury: (fence, error, samples) =>
      numberingPlaces(() => end(db, fence, error, 'buried', samples)),
    abandon: (fence, error, samples) =>
      numberingPlaces(() => end(db, fence, error, 'abandoned', samples)),
    leave: (fence, error, samples) => numberingPlaces(() => end(db, fence, error, 'left', samples)),

    async poison(fence, error) {
      const { rows } = await sql`
        update inbox set state = 'poison', finished_at = now(), last_error = ${error}, ${noLease}
        where ${isOwned(fence)} returning id`.execute(db)
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

/** Stores a job, in a transaction of the caller's if it has one. */
export async function addJob(db: Kysely<Tables>, job: NewJob): Promise<Addition> {
  // Ids of a lane are given in the order of their commits: else a later job may be running when an
  // earlier one comes to light, and the lane would run two at once.
  // Without a conflict target: a second unique index would otherwise turn into an error.
  // Behind a full lane the hour is the key, so that its sender is told once an hour.
  const chatId = sql`${job.message?.chatId ?? null}::bigint`
  const messageId = sql`${job.message?.messageId ?? null}::bigint`
  const { rows } = await sql<{ is_full: boolean; is_stored: boolean }>`
    with turn as materialized (select pg_advisory_xact_lock(hashtextextended(${job.lane}, 0))),
    depth as (
      select count(*) >= ${LANE_DEPTH} and not exists (
          select from inbox where source = ${job.source} and (key = ${job.key}
            or (chat_id = ${chatId} and message_id = ${messageId} and message_id is not null))
        ) as is_full
      from (
        select from inbox
        where lane between ${job.lane} and ${job.lane} and state = 'waiting'
        order by lane, id limit ${LANE_DEPTH}
      ) as waiting
    ),
    stored as (
      insert into inbox (source, key, lane, slots, is_surplus, state, payload, attachment,
        request_hash, chat_id, message_id, learner_id, received_at, due_at, finished_at)
      select ${job.source},
        case when is_full
          then ${fullLaneOf(job.lane)} || ' ' || to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24')
          else ${job.key} end,
        case when is_full then ${fullLaneOf(job.lane)} else ${job.lane} end,
        case when is_full then 'quick' else ${job.slots} end,
        is_full, ${stateOf(job)}, ${job.payload}::bytea, ${job.attachment ?? null}::bytea,
        ${job.requestHash ?? null}::bytea, ${chatId}, case when is_full then null else ${messageId} end,
        ${job.learnerId ?? null}::bigint, coalesce(${job.dueAt ?? null}::timestamptz, now()),
        coalesce(${job.dueAt ?? null}::timestamptz, now()),
        case when ${job.poison ?? false}::boolean then now() end
      from turn, depth
      -- A learner who is being deleted gets no job that would outlive them.
      where ${job.learnerId ?? null}::bigint is null
        or exists (select from learner where id = ${job.learnerId ?? null}::bigint for key share)
      on conflict do nothing returning id
    )
    select is_full, exists (select from stored) as is_stored from depth`.execute(db)
  const [row] = rows
  if (row?.is_full) return 'lane-full'
  return row?.is_stored ? 'stored' : 'duplicate'
}

/** Ends a job without success. */
async function end(
  db: Kysely<Tables>,
  fence: Fence,
  error: string,
  way: 'buried' | 'abandoned' | 'left',
  samples: readonly Sample[] = [],
): Promise<void> {
  const isLeft = way === 'left'
  const isForgotten = way !== 'buried'
  const { rows } = await sql`
    with ended as (
      update inbox set state = ${isLeft ? 'done' : 'dead'}, finished_at = now(), last_error = ${error}, ${noLease},
        -- The job by which a person was deleted is nobody's any more.
        payload = case when ${isForgotten} or lane like 'deleted:%' then '' else payload end,
        attachment = case when ${isForgotten} then null else attachment end,
        ${duplicatesCounted(fence)}
      where ${isOwned(fence)} returning id
    ),
    forgotten as (
      delete from journal using ended where ${isLeft} and job_id = ended.id
    ),
    ${settling(fence, sql`ended`)},
    outcome as (
      -- The place is read before it is changed: a row that its own statement has changed cannot be locked.
      select exists (select from hold) as is_settled, ${isPaid(fence.id)} as is_paid,
        exists (select from lesson where job_id = ${fence.id}) as is_lesson
    ),
    given_back as (
      delete from quota_use using ended, outcome
      where job_id = ended.id and not is_lesson and not is_paid and is_settled is not null
    ),
    -- Asked again, the job takes a place anew: else one place would pay for any number of failures.
    kept as (
      update quota_use set
        job_id = case when is_lesson then job_id end,
        kind = case when is_lesson or kind = 'memory' then kind else 'unheard' end,
        place = case when is_lesson or kind in ('unheard', 'memory') then place else ${nextUnheardPlace} end,
        reserved_micro_usd = case when is_settled then 0 else reserved_micro_usd end
      from ended, outcome where job_id = ended.id and (is_lesson or is_paid)
    )
    ${measuring(samples, sql`ended`)}
    select id from ended`.execute(db)
  requireLease(rows, fence)
}

/**
 * The lanes that can be taken up, as far as the oldest so many due jobs tell; null for all jobs. A lane's
 * first due job heads it, or else none does, so that only one of each lane is compared with its others.
 */
async function dueLanesAmong(
  db: Kysely<Tables>,
  jobs: number | null,
  limit: number,
): Promise<{ lanes: DueLane[]; jobsSeen: number }> {
  const { rows } = await sql<{ lanes: DueLane[]; jobsSeen: number }>`
    with due as materialized (
      select id, lane, due_at, slots from inbox
      where state = 'waiting' and due_at <= now() and (lease_until is null or lease_until < now())
      order by due_at limit ${jobs}
    ), first as (
      select lane, min(id) as id, min(due_at) as due_at, (array_agg(slots order by id))[1] as slots
      from due group by lane
    ), heads as (
      select lane, slots, due_at from first
      -- A look-up a lane: of "not exists" the planner may make a join that reads the whole inbox.
      where id = (
        select earliest.id from inbox earliest
        where earliest.lane = first.lane and earliest.state = 'waiting' order by earliest.id limit 1)
      order by due_at limit ${limit}
    ), swept as (
      -- Once a minute, and by the one that comes first: the rest find the row locked, or marked.
      update duty set done_at = now()
      where name = (
        select name from duty
        where name = 'sweep' and (done_at is null or done_at < now() - interval '1 minute')
        for update skip locked)
    )
    select (select count(*) from due) as "jobsSeen", coalesce((
      select json_agg(json_build_object('lane', lane, 'slots', slots) order by heads.due_at)
      from heads), '[]') as lanes`.execute(db)
  return rows[0] ?? { lanes: [], jobsSeen: 0 }
}

type ClaimRow = {
  [column in keyof Omit<Job, 'receivedAt' | 'leaseToken' | 'isSurplus' | 'isResumed'>]:
    | Job[column]
    | null
} & {
  received_at: Date | null
  lease_token: string | null
  is_surplus: boolean | null
  is_resumed: boolean | null
  slots: SlotClass
  is_parked: boolean
  is_leased: boolean
  due_in_ms: number
}

function claimOf(row: ClaimRow | undefined, wantedSlots: SlotClass): Claim {
  if (row === undefined) return { kind: 'empty' }
  const { slots, is_parked, is_leased, due_in_ms, ...jobColumns } = row
  const { received_at, lease_token, is_surplus, is_resumed, ...sameColumns } = jobColumns
  const job = {
    ...sameColumns,
    receivedAt: received_at,
    leaseToken: lease_token,
    isSurplus: is_surplus,
    isResumed: is_resumed,
  }
  if (isJob(job)) return { kind: 'claimed', job }
  if (slots !== wantedSlots && !is_leased && due_in_ms <= 0) return { kind: 'other-slots', slots }
  if (is_leased || due_in_ms <= 0) return { kind: 'held' }
  return is_parked ? { kind: 'parked' } : { kind: 'wait', ms: Math.ceil(due_in_ms) }
}

// The row's job side is null as a whole where nothing was taken.
function isJob(job: { [column in keyof Job]: Job[column] | null }): job is Job {
  return job.id !== null
}

// A fresh token that no run has: the old run no longer owns the job, and the next claim knows that there
// was one.
const noLease = sql`lease_token = gen_random_uuid(), lease_until = null`

function duplicatesCounted({ id }: Fence) {
  return sql`duplicates_possible = (select count(*) from journal where job_id = ${id} and sends > 1)`
}

function stateOf({ poison = false }: NewJob): 'waiting' | 'poison' {
  return poison ? 'poison' : 'waiting'
}

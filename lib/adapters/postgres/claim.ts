import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Claim } from '../../app/jobs/inbox.ts'
import type { Job } from '../../app/jobs/job.ts'
import type { SlotClass } from '../../app/jobs/sources.ts'

/** `lease` is how long the claimed job stays with its run unrenewed, as an interval of SQL. */
type ClaimRequest = {
  lane: string
  slots: SlotClass
  ownJobs?: ReadonlySet<number> | undefined
  lease: string
}

/** Claims a lane's first unfinished job where it takes these slots; or says why not. */
export async function claim(
  db: Kysely<Tables>,
  { lane, slots, ownJobs = new Set(), lease }: ClaimRequest,
): Promise<Claim> {
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

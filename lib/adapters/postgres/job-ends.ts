import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Fence } from '../../app/jobs/job.ts'
import { ANSWER, HELD } from '../../app/jobs/journal.ts'
import type { Sample } from '../../app/measures.ts'
import { isOwned, requireLease } from './fence.ts'
import { measuring } from './measurement.ts'
import { nextUnheardPlace } from './unheard-places.ts'
import { emptyingPlace, isPaid, settling } from './usage.ts'

/** Ends a job that has succeeded. */
export async function finish(
  db: Kysely<Tables>,
  fence: Fence,
  samples: readonly Sample[] = [],
): Promise<void> {
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
    ${emptyingPlace(sql`finished`)}
    ${measuring(samples, sql`finished`)}
    select id from finished`.execute(db)
  requireLease(rows, fence)
}

/** Ends a job without success: buried, it may be run again by an operator; abandoned or left, it forgets what it said. */
export async function endUnfinished(
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
        -- The job that has deleted a person keeps nothing of them.
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
 * Takes the lease away. The row gets a fresh token that no run has: the run that ends no longer owns the job, and the next
 * claim knows that there was a run.
 */
export const noLease = sql`lease_token = gen_random_uuid(), lease_until = null`

function duplicatesCounted({ id }: Fence) {
  return sql`duplicates_possible = (select count(*) from journal where job_id = ${id} and sends > 1)`
}

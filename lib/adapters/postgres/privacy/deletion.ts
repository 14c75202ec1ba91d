import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../../db/tables.ts'
import type { Fence } from '../../../app/jobs/job.ts'
import { isOwned, requireLease } from '../fence.ts'
import { failedJobsNaming, ofLearner, ownJobs, type PersonIds } from './person-rows.ts'
import { TABLES_WITH_PERSONS } from './personal-tables.ts'

/**
 * Deletes all rows of a person in the caller's transaction. Jobs come first, as every fenced write holds its job before it
 * comes to the learner; those that were stored meanwhile are ended once the learner is gone. The payloads of presses that
 * waited.
 */
export async function deletePerson(
  db: Kysely<Tables>,
  person: PersonIds,
  job: Fence | undefined,
): Promise<Uint8Array[]> {
  if (job !== undefined) await leaveLane(db, job)
  const presses = await endJobs(db, person, job)
  await giveBackPlaces(db, person)
  for (const [name, { fate, rowsOf }] of TABLES_WITH_PERSONS) {
    if (fate !== 'deleted' || name === 'learner') continue
    await sql`delete from ${sql.table(name)} where ${rowsOf(person)}`.execute(db)
  }
  await db.deleteFrom('learner').where('id', '=', person.learnerId).execute()
  await endJobs(db, { ...person, telegramId: null }, job)
  return presses
}

/** The job that deletes has to end, and names its person by its lane until then. */
async function leaveLane(db: Kysely<Tables>, job: Fence): Promise<void> {
  const { rows } = await sql`
    update inbox set lane = 'deleted:' || id, chat_id = null, message_id = null, learner_id = null,
      request_hash = null
    where ${isOwned(job)} returning id`.execute(db)
  requireLease(rows, job)
}

/**
 * Empties the person's jobs and ends those that wait or run: a run that goes on loses its lease. A row stays until it is
 * pruned: by its key Telegram's repeated delivery is known, and to its id late charges belong. The payloads of presses
 * among them that had not run to their end.
 */
async function endJobs(
  db: Kysely<Tables>,
  person: PersonIds,
  job: Fence | undefined,
): Promise<Uint8Array[]> {
  const isOther = sql`id <> ${job?.id ?? 0}::bigint`
  // Locked by a statement of its own: the next one sees what a run was writing to its journal meanwhile.
  const { rows: jobs } = await sql<{ id: number; payload: Uint8Array; is_press: boolean }>`
    select id, payload, state = 'waiting' and lane like 'tap:%' as is_press
    from inbox where ${isOther} and ${ownJobs(person)} order by id for update`.execute(db)
  const ids = sql`any(${jobs.map(({ id }) => id)}::bigint[])`
  await sql`
    with forgotten as (delete from journal where job_id = ${ids})
    update inbox set state = 'done', lane = 'deleted:' || id, payload = '', attachment = null,
      request_hash = null, chat_id = null, message_id = null, learner_id = null, last_error = null,
      parked = false, lease_token = gen_random_uuid(), lease_until = null,
      finished_at = coalesce(finished_at, now()),
      -- An update's number says nothing of its person.
      key = case when source like 'tg:%' and key ~ '^([0-9]+|poison)(:[0-9a-f]+)?$' then key
        else 'deleted:' || id end
    where id = ${ids}`.execute(db)
  await sql`
    update inbox set payload = '', attachment = null, last_error = null
    where ${isOther} and ${failedJobsNaming(person)}`.execute(db)
  return jobs.flatMap(({ payload, is_press }) => (is_press ? [payload] : []))
}

/** Deletes the places of the learner's days; the budget gets back what it holds for them, as where a job ends. */
async function giveBackPlaces(db: Kysely<Tables>, person: PersonIds): Promise<void> {
  await sql`
    with place as (
      delete from quota_use where ${ofLearner(person)} returning job_id, budget_day, reserved_micro_usd
    ),
    hold as (
      select budget_day, sum(reserved_micro_usd)::bigint as reserved from place
      where reserved_micro_usd > 0
        and not exists (select from usage where usage.job_id = place.job_id and micro_usd is null)
      group by budget_day
    )
    update budget_day set spent_micro_usd = spent_micro_usd - hold.reserved
    from hold where budget_day.day = hold.budget_day`.execute(db)
}

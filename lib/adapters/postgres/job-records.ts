import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { JobChange, JobRecord, JobState, JobStep } from '../../app/jobs/job-record.ts'

const STATE = sql<
  JobRecord['state']
>`case when parked and state = 'waiting' then 'parked' else state end`

const COLUMNS = sql`id, source, ${STATE} as state, lane, learner_id as "learnerId", attempts,
  extract(epoch from now() - received_at)::float8 as "ageSeconds",
  substring(last_error from '^[[:alnum:]_-]+') as "errorCode",
  substring(last_error from '^[a-z-]+: (transcribe|reply|speak):') as stage`

/** The newest jobs that have not ended well, up to `limit`, in one state or in all. */
export async function listJobs(
  db: Kysely<Tables>,
  { state, limit }: { state: JobState | undefined; limit: number },
): Promise<JobRecord[]> {
  // By its partial indexes: the done ones are the many.
  const { rows } = await sql<JobRecord>`
    select ${COLUMNS} from inbox
    where state = any(${state === undefined ? ['waiting', 'dead', 'poison'] : [state === 'parked' ? 'waiting' : state]}::text[])
      and (${state ?? null}::text is null or ${STATE} = ${state ?? null}::text)
    order by id desc limit ${limit}`.execute(db)
  return rows
}

/** The newest jobs that are dead, poisoned or tried again after a failure, up to `limit`. */
export async function listFailingJobs(db: Kysely<Tables>, limit: number): Promise<JobRecord[]> {
  // Each state by its own partial index.
  const ids = [DEAD, POISON, FAILING].map(
    (state) => sql`(select id from inbox where ${state} order by id desc limit ${limit})`,
  )
  const { rows } = await sql<JobRecord>`
    select ${COLUMNS} from inbox where id in (${sql.join(ids, sql` union all `)})
    order by id desc limit ${limit}`.execute(db)
  return rows
}

const DEAD = sql`state = 'dead'`
const POISON = sql`state = 'poison'`
const FAILING = sql`state = 'waiting' and last_error is not null`

/** One job with the steps of its journal and the whole of its newest error; undefined where there is none. */
export async function findJob(
  db: Kysely<Tables>,
  id: number,
): Promise<{ job: JobRecord; lastError: string | null; steps: JobStep[] } | undefined> {
  const [jobs, steps] = await Promise.all([
    sql<JobRecord & { lastError: string | null }>`
      select ${COLUMNS}, last_error as "lastError" from inbox where id = ${id}`.execute(db),
    sql<JobStep>`select step, state, sends from journal where job_id = ${id} order by step`.execute(
      db,
    ),
  ])
  const [row] = jobs.rows
  if (row === undefined) return undefined
  const { lastError, ...job } = row
  return { job, lastError, steps: steps.rows }
}

/**
 * Lets a dead or poisoned job run again, from its journal and on its own day: what it paid for is not paid again. Its
 * journal says so. Asked twice, it runs once.
 */
export async function retryJob(db: Kysely<Tables>, id: number): Promise<JobChange> {
  const { rows } = await sql`
    with retried as (
      update inbox set state = 'waiting', attempts = 0, postponements = 0, parked = false,
        due_at = now(), finished_at = null, lease_token = gen_random_uuid(), lease_until = null
      where id = ${id} and state in ('dead', 'poison') and payload <> ''
      returning id
    ), noted as (
      insert into journal (job_id, step, state)
      select id, 'operator: retry at ' || to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), 'started'
      from retried on conflict do nothing
    )
    select id from retried`.execute(db)
  return rows.length === 1 ? { kind: 'changed' } : unchanged(db, id)
}

/** Ends a dead or poisoned job for good, and forgets what it said and what its steps returned; what it paid stays paid. */
export async function discardJob(db: Kysely<Tables>, id: number): Promise<JobChange> {
  const { rows } = await sql`
    with discarded as (
      update inbox set state = 'done', finished_at = now(), payload = '', attachment = null,
        parked = false, last_error = left('discarded by the operator: ' || coalesce(last_error, ''), 500),
        lease_token = gen_random_uuid(), lease_until = null
      where id = ${id} and state in ('dead', 'poison')
      returning id
    ), forgotten as (
      delete from journal using discarded where job_id = discarded.id
    )
    select id from discarded`.execute(db)
  return rows.length === 1 ? { kind: 'changed' } : unchanged(db, id)
}

async function unchanged(db: Kysely<Tables>, id: number): Promise<JobChange> {
  const job = (await findJob(db, id))?.job
  if (job === undefined) return { kind: 'unknown' }
  // It is only for a message forgotten that such a one is left as it is.
  const isEnded = job.state === 'dead' || job.state === 'poison'
  return isEnded ? { kind: 'forgotten' } : { kind: 'unchanged', state: job.state }
}

import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { ApiKeyUses } from '../../app/api-keys.ts'
import type { Fence } from '../../app/jobs/job.ts'
import { heldJob, requireLease } from './fence.ts'

/**
 * The uses of API keys in PostgreSQL. What has been used is read with the key's version, and a use is counted only
 * while the key still has it, so that parallel requests cannot use more than there is. Fails closed.
 */
export function pgApiKeyUses(db: Kysely<Tables>): ApiKeyUses {
  return {
    async reserve(job, apiKeyId, { lessonsPerDay }) {
      const use: Use = { jobId: job.id, apiKeyId, day: job.receivedAt.toISOString().slice(0, 10) }
      for (;;) {
        const { version, lessons, is_recorded } = await otherUses(db, use)
        if (!is_recorded && lessonsPerDay !== null && lessons >= lessonsPerDay) {
          return 'lessons-used-up'
        }
        // Otherwise another use was counted since: each round is one that another job has won.
        if (await isCounted(db, job, use, version)) return 'reserved'
      }
    },
  }
}

type Use = { jobId: number; apiKeyId: number; day: string }

/** A job counts while it may yet pay for something, and for good once it has: then it has a place in a learner's plan. */
export const isUse = sql`(
  exists (select from inbox where inbox.id = api_key_use.job_id and inbox.state = 'waiting')
  or exists (select from quota_use where quota_use.job_id = api_key_use.job_id)
)`

/** What the key's other jobs have used of the day. */
async function otherUses(db: Kysely<Tables>, { jobId, apiKeyId, day }: Use) {
  const { rows } = await sql<{ version: number; lessons: number; is_recorded: boolean }>`
    select version,
      (select count(*)::integer from api_key_use
        where api_key_id = api_key.id and day = ${day}::date and job_id <> ${jobId} and ${isUse}
      ) as lessons,
      exists (select from lesson where job_id = ${jobId}) as is_recorded
    from api_key where id = ${apiKeyId}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error(`There is no API key ${apiKeyId}.`)
  return row
}

/** Counts the use; false where the key has changed since. Uses of days that are over are deleted. */
async function isCounted(
  db: Kysely<Tables>,
  fence: Fence,
  { jobId, apiKeyId, day }: Use,
  version: number,
): Promise<boolean> {
  const { rows } = await sql<{ is_counted: boolean }>`
    with mine as (${heldJob(fence)}),
    changed as (
      update api_key set version = version + 1 from mine
      where api_key.id = ${apiKeyId} and version = ${version}::bigint returning api_key.id
    ),
    counted as (
      insert into api_key_use (job_id, api_key_id, day)
      select ${jobId}, changed.id, ${day}::date from changed
      on conflict (job_id) do update set day = excluded.day
    ),
    forgotten as (
      delete from api_key_use using changed
      where api_key_id = changed.id and day < ${day}::date - 2 and job_id <> ${jobId}
    )
    select exists (select from changed) as is_counted from mine`.execute(db)
  requireLease(rows, fence)
  return rows[0]?.is_counted ?? false
}

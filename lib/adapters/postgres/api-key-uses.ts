import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { ApiKeyUses } from '../../app/api-keys.ts'
import type { Fence } from '../../app/jobs/job.ts'
import { LESSON_ESTIMATE_MICRO_USD } from '../../domain/lesson/prices.ts'
import { heldJob, requireLease } from './fence.ts'

/**
 * The uses of API keys in PostgreSQL. What has been used is read with the key's version, and a use is counted only
 * while the key still has it, so that parallel requests cannot use more than there is. Fails closed.
 */
export function pgApiKeyUses(db: Kysely<Tables>): ApiKeyUses {
  return {
    async reserve(job, apiKeyId, { lessonsPerDay, dailyBudgetMicroUsd }) {
      const use: Use = { jobId: job.id, apiKeyId, day: job.receivedAt.toISOString().slice(0, 10) }
      for (;;) {
        const { version, lessons, cost, sure_cost, is_recorded } = await usesOf(db, use)
        if (!is_recorded && lessonsPerDay !== null && lessons >= lessonsPerDay) {
          return 'lessons-used-up'
        }
        if (!is_recorded && dailyBudgetMicroUsd !== null && cost > dailyBudgetMicroUsd) {
          return sure_cost > dailyBudgetMicroUsd ? 'budget-used-up' : 'budget-held-back'
        }
        // Otherwise another use was counted since: each round is one that another job has won.
        if (await isCounted(db, job, use, version)) return 'reserved'
      }
    },
  }
}

type Use = { jobId: number; apiKeyId: number; day: string }

/**
 * What the key's other jobs have used of the day, and what all would cost with this one. A job counts while it may yet
 * pay for something, and for good once it has paid or has a place in a learner's plan. What may yet pay, or paid what
 * has no known price, costs at least the estimate; `sure_cost` is what the others have paid for sure, with the estimate of this one.
 */
async function usesOf(db: Kysely<Tables>, { jobId, apiKeyId, day }: Use) {
  const estimate = sql`${LESSON_ESTIMATE_MICRO_USD}::bigint`
  const { rows } = await sql<{
    version: number
    lessons: number
    cost: number
    sure_cost: number
    is_recorded: boolean
  }>`
    with job as (
      select job_id, exists (select from inbox where id = job_id and state = 'waiting') as is_open
      from api_key_use where api_key_id = ${apiKeyId} and day = ${day}::date and job_id <> ${jobId}
      union all
      select ${jobId}::bigint, true
    ),
    paid as (
      select job_id, coalesce(sum(micro_usd), 0)::bigint as cost, bool_or(micro_usd is null) as is_unpriced
      from usage where api_key_id = ${apiKeyId} and day = ${day}::date group by job_id
    )
    select version,
      (select count(*)::integer from job left join paid using (job_id)
        where job_id <> ${jobId} and (is_open or paid.job_id is not null
          or exists (select from quota_use where quota_use.job_id = job.job_id))
      ) as lessons,
      (select sum(case when is_open or is_unpriced then greatest(cost, ${estimate}) else cost end)::bigint
        from job full join paid using (job_id)) as cost,
      (select sum(case when job_id = ${jobId} or is_unpriced then greatest(cost, ${estimate}) else coalesce(cost, 0) end)::bigint
        from job full join paid using (job_id)) as sure_cost,
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

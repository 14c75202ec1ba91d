import { type Expression, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { Account, LedgerEntry, Stage } from '../../app/usage.ts'
import type { MetricName } from '../../domain/metrics/metrics.ts'

const SPEAK = 'speak' satisfies Stage

/**
 * Common table expressions that charge a job: rows of the ledger, also where another run owns the job now, because what was paid
 * stays paid; `mine` names an expression that has the job while it is owned. They use up what the day's budget holds back for the job;
 * what is beyond that is added to the day, whether or not there is a budget, so that one which begins in the middle of a day knows what that has cost.
 * A call that is charged already is not charged again.
 */
export function charging({ id }: Fence, entries: readonly LedgerEntry[]): RawBuilder<unknown> {
  return sql`payer as (
      select inbox.id as job_id, place.learner_id, place.reserved_micro_usd,
        case when source like 'api:%' then substr(source, 5)::bigint end as api_key_id,
        coalesce(place.budget_day, (now() at time zone 'UTC')::date) as day
      from inbox left join (select * from quota_use where job_id = ${id} for update) as place
        on place.job_id = inbox.id
      where inbox.id = ${id}
    ),
    charged as (
      insert into usage (job_id, learner_id, api_key_id, day, step, stage, vendor, model,
        input_tokens, cached_tokens, output_tokens, audio_in_seconds, audio_out_seconds, characters,
        micro_usd, is_estimate, call_id)
      select payer.job_id, learner_id, api_key_id, day, call.*
      from payer, (values ${sql.join(entries.map(rowOf))}) as call
      on conflict do nothing
      returning micro_usd, stage, model
    ),
    ${costing},
    -- A run that has slept through the end of its job: what it still paid is a part of the lesson's cost.
    late as (
      update lesson set cost_micro_usd = cost_micro_usd + reply_cost,
        speech_cost_micro_usd = coalesce(speech_cost_micro_usd + speech_cost, speech_cost_micro_usd, speech_cost)
      from (
        select sum(micro_usd) filter (where stage = ${SPEAK})::bigint as speech_cost,
          coalesce(sum(micro_usd) filter (where stage <> ${SPEAK}), 0)::bigint as reply_cost
        from charged) as costs
      where lesson.job_id = ${id} and not exists (select from mine)
    ),
    cost as (
      select payer.job_id, day, coalesce(reserved_micro_usd, 0) as reserved, total
      from payer, (select coalesce(sum(micro_usd), 0)::bigint as total from charged) as sum
    ),
    used_up as (
      update quota_use set reserved_micro_usd = greatest(0, reserved - total),
        charged_micro_usd = quota_use.charged_micro_usd + total
      from cost where quota_use.job_id = cost.job_id and total > 0
    ),
    exceeded as (
      insert into budget_day (day, spent_micro_usd)
      select day, total - reserved from cost where total > reserved
      on conflict (day) do update
        set spent_micro_usd = budget_day.spent_micro_usd + excluded.spent_micro_usd
    )`
}

/** A common table expression that adds what was `charged` to what is measured. */
const costing = sql`costed as (
      insert into measurement (samples)
      select jsonb_agg(jsonb_build_object('name', ${'cost_micro_usd' satisfies MetricName}::text,
        'labels', jsonb_build_object('stage', stage, 'model', model), 'value', micro_usd))
      from charged where micro_usd > 0 having count(*) > 0
    )`

/** Charges the day for calls that no job has made, as an operator's trial is one: rows of a job 0, which there is not. */
export async function chargeOutsideJobs(
  db: Kysely<Tables>,
  entries: readonly LedgerEntry[],
): Promise<void> {
  if (entries.length === 0) return
  await sql`
    with today as (select (now() at time zone 'UTC')::date as day),
    charged as (
      insert into usage (job_id, day, step, stage, vendor, model, input_tokens, cached_tokens,
        output_tokens, audio_in_seconds, audio_out_seconds, characters, micro_usd, is_estimate,
        call_id)
      select 0, day, call.* from today, (values ${sql.join(entries.map(rowOf))}) as call
      returning micro_usd, stage, model
    ),
    ${costing}
    insert into budget_day (day, spent_micro_usd)
    select day, coalesce((select sum(micro_usd) from charged), 0)::bigint from today
    on conflict (day) do update
      set spent_micro_usd = budget_day.spent_micro_usd + excluded.spent_micro_usd`.execute(db)
}

function rowOf(entry: LedgerEntry): RawBuilder<unknown> {
  return sql`(${entry.step}::text, ${entry.stage}::text, ${entry.vendor}::text, ${entry.model}::text,
    ${entry.inputTokens ?? null}::integer, ${entry.cachedTokens ?? null}::integer,
    ${entry.outputTokens ?? null}::integer, ${entry.audioInSeconds ?? null}::float8,
    ${entry.audioOutSeconds ?? null}::float8, ${entry.characters ?? null}::integer,
    ${entry.costMicroUsd}::bigint, ${entry.isEstimate}::boolean, ${entry.callId}::uuid)`
}

/**
 * Common table expressions that settle a job which has ended; `endedJob` names an expression that has its id. The day's budget
 * gets back what is left of the estimate, the `hold`, and the lesson has its whole cost.
 */
export function settling(fence: Fence, endedJob: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${returningHold(fence, endedJob)},
    ${pricing(fence, endedJob)}`
}

/** The same of a job that is put off, or kept aside: only one that runs holds a budget back, or those that wait might wait for one another. */
export function pausing(fence: Fence, pausedJob: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${returningHold(fence, pausedJob)},
    ${emptyingPlace(pausedJob)}`
}

/** Where a price is not known the estimate stands: there is no `hold`. */
function returningHold({ id }: Fence, owner: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`hold as (
      select job_id, budget_day, reserved_micro_usd as reserved from quota_use
      where job_id = ${id} and reserved_micro_usd > 0 and not ${hasUnknownPrice(sql`${id}`)}
      for update
    ),
    returned as (
      update budget_day set spent_micro_usd = spent_micro_usd - hold.reserved
      from hold, ${owner} where budget_day.day = hold.budget_day
    )`
}

/** A common table expression: the place of a job whose `hold` is returned holds nothing back any more. */
export function emptyingPlace(owner: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`emptied as (
      update quota_use set reserved_micro_usd = 0
      from hold, ${owner} where quota_use.job_id = hold.job_id
    )`
}

/** Whether a job has made a call of unknown price: then what is held back for it stands for what it has cost. */
export function hasUnknownPrice(jobId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`exists (select from usage where usage.job_id = ${jobId} and micro_usd is null)`
}

/** A common table expression that notes on the lesson of a job, the id of `owner`, what its speech has cost by now. */
export function pricing(
  { id }: Pick<Fence, 'id'>,
  owner: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`${speechCost({ id })},
    priced as (
      update lesson set speech_cost_micro_usd = speech.cost from ${owner}, speech
      where lesson.job_id = ${owner}.id and speech_cost_micro_usd is distinct from speech.cost
    )`
}

/** A common table expression, `speech`, of what a job's speech has cost by now. */
export function speechCost({ id }: Pick<Fence, 'id'>): RawBuilder<unknown> {
  return sql`speech as (
      select sum(micro_usd)::bigint as cost from usage where job_id = ${id} and stage = ${SPEAK}
    )`
}

/** A year to look back on, and the month of a year ago. */
const KEEP_CALLS = '400 days'

/**
 * Common table expressions that delete calls which have outlived their use, the oldest first, so many at most, and their days
 * once those have none left. Until then a day's sum goes on being that of its calls.
 */
export function pruning(limit: number): RawBuilder<unknown> {
  const firstKeptDay = sql`(now() - ${KEEP_CALLS}::interval)::date`
  return sql`pruned_calls as (
      delete from usage where id in (
        select id from usage where day < ${firstKeptDay} order by day limit ${limit} for update skip locked)
      returning day, micro_usd
    ),
    reduced as (
      update budget_day set spent_micro_usd = spent_micro_usd - cost
      from (select day, coalesce(sum(micro_usd), 0)::bigint as cost from pruned_calls group by day) as calls
      where budget_day.day = calls.day
    ),
    pruned_days as (
      delete from budget_day
      where day < ${firstKeptDay} and not exists (select from usage where usage.day = budget_day.day)
    )`
}

/** What a job's calls other than speech have cost: known when its lesson is recorded. */
export function lessonCostOf(jobId: number): RawBuilder<unknown> {
  return sql`(select coalesce(sum(micro_usd), 0)::bigint from usage
    where job_id = ${jobId} and stage <> ${SPEAK})`
}

/** Whether anything was charged to a job. */
export function isPaid(jobId: number): RawBuilder<unknown> {
  return sql`exists (select from usage where job_id = ${jobId})`
}

/** An `Account` as one JSON value. */
export function accountOf(jobId: number | Expression<number>): RawBuilder<Account> {
  return sql`(select json_build_object(
      'costMicroUsd', coalesce(sum(micro_usd), 0), 'inputTokens', coalesce(sum(input_tokens), 0),
      'cachedTokens', coalesce(sum(cached_tokens), 0),
      'outputTokens', coalesce(sum(output_tokens), 0))
    from usage where job_id = ${jobId})`
}

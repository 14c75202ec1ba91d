import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { AppError } from '../../app/error.ts'
import type { Fence } from '../../app/jobs/job.ts'
import { LESSON_ESTIMATES_MICRO_USD } from '../../domain/lesson/prices.ts'
import { BRIEF_SHARE, WRITTEN_SHARE } from '../../domain/lesson/thrift.ts'
import { hasUnknownPrice } from './usage.ts'

/** In millionths of a US dollar; undefined where there is no such limit. */
export type Budgets = {
  budgetMicroUsd: number | undefined
  ownBudgetMicroUsd: number | undefined
}

/** With either of them the day's sum is held: where only learners have a budget, that of all has no end. */
export function budgetsOf(
  dailyBudgetUsd: number | undefined,
  learnerDailyBudgetUsd: number | undefined,
): Budgets {
  const microUsd = (usd: number | undefined) =>
    usd === undefined ? undefined : Math.round(usd * 1_000_000)
  const ownBudgetMicroUsd = microUsd(learnerDailyBudgetUsd)
  const endless = ownBudgetMicroUsd === undefined ? undefined : Number.MAX_SAFE_INTEGER
  return { budgetMicroUsd: microUsd(dailyBudgetUsd) ?? endless, ownBudgetMicroUsd }
}

/** What is held back for a lesson that begins where this share of the budget is gone. */
export function estimateAt(share: RawBuilder<unknown>): RawBuilder<unknown> {
  const { none, brief, written } = LESSON_ESTIMATES_MICRO_USD
  return sql`(case when ${share} >= ${WRITTEN_SHARE}::float8 then ${written}::bigint
    when ${share} >= ${BRIEF_SHARE}::float8 then ${brief}::bigint else ${none}::bigint end)`
}

/** As long as a lesson takes. */
const HELD_BACK_MS = 10_000

/**
 * Throws 'budget-held-back' where the budgets refuse a job only because of what they hold back for others under way: most
 * of that will not be spent. `estimateMicroUsd` is what the job wants held back, that of a lesson unless given.
 *
 * A statement of its own, and of a refused job only: it has to see what was reserved while the refusing one waited its turn.
 */
export async function waitForHeldBack(
  db: Kysely<Tables>,
  fence: Fence,
  { learnerId, day }: { learnerId: number; day: string },
  { budgetMicroUsd, ownBudgetMicroUsd }: Budgets,
  estimateMicroUsd?: number,
): Promise<void> {
  const budget = sql`${budgetMicroUsd ?? null}::bigint`
  const ownBudget = sql`${ownBudgetMicroUsd ?? null}::bigint`
  const isMine = sql`(quota_use.job_id is not distinct from ${fence.id})`
  const isOwn = sql`(quota_use.learner_id = ${learnerId} and quota_use.day = ${day}::date)`
  const estimate =
    estimateMicroUsd === undefined ? estimateAt(sql`share`) : sql`${estimateMicroUsd}::bigint`
  const { rows } = await sql<{ is_held_back: boolean }>`
    with today as (select (now() at time zone 'UTC')::date as day),
    held as (
      select coalesce(sum(reserved_micro_usd) filter (where budget_day = today.day), 0)::bigint as all_held,
        coalesce(sum(reserved_micro_usd) filter (where ${isOwn}), 0)::bigint as own_held,
        count(*) filter (where not ${isMine}) > 0 as is_by_others
      from quota_use, today
      where reserved_micro_usd > 0 and (budget_day = today.day or ${isOwn})
        -- What stands for a price that is not known does not come back.
        and not ${hasUnknownPrice(sql`quota_use.job_id`)}
    ),
    spent as (
      select coalesce((select spent_micro_usd from budget_day, today where budget_day.day = today.day), 0)
          - all_held as all_spent,
        (select coalesce(sum(charged_micro_usd), 0)::bigint from quota_use where ${isOwn}) as own_spent,
        is_by_others
      from held
    ),
    priced as (
      select *, coalesce((select budget_share from quota_use where ${isMine}), greatest(
        all_spent::float8 / ${budget}, own_spent::float8 / ${ownBudget})) as share
      from spent
    )
    select is_by_others and all_spent + ${estimate} <= ${budget}
      and (${ownBudget} is null or own_spent + ${estimate} <= ${ownBudget}) as is_held_back
    from priced`.execute(db)
  if (!rows[0]?.is_held_back) return
  throw new AppError(
    'budget-held-back',
    'Lessons under way hold back what is left of the budget.',
    {
      retryAfterMs: HELD_BACK_MS,
    },
  )
}

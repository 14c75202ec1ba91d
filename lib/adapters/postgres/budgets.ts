import { type RawBuilder, sql } from 'kysely'
import { LESSON_ESTIMATES_MICRO_USD } from '../../domain/lesson/prices.ts'
import { BRIEF_SHARE, WRITTEN_SHARE } from '../../domain/lesson/thrift.ts'

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

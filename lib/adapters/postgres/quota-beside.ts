import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { Plan, RequestBeside, ReservationBeside } from '../../app/lesson/quota.ts'
import type { PaidStep } from '../../app/usage.ts'
import { thriftAt } from '../../domain/lesson/thrift.ts'
import { STAGE } from './breaker.ts'
import { type Budgets, waitForHeldBack } from './budgets.ts'
import { heldJob, requireLease } from './fence.ts'

/** Voice notes in which nothing was heard cost no quota, but are recognised at our expense. */
export const UNHEARD_CAP_FACTOR = 3
/** Each lesson of a day has as many buttons that may cost something. */
const ASIDES_PER_LESSON = 3

/** What such a job pays for: where one of these is done, its result is all that is still to be delivered. */
const PAID_STEPS = [
  'transcribe',
  'translate',
  'ready-answers',
  'remember',
] as const satisfies readonly PaidStep[]

/** How many requests of a kind a learner has a day at most. */
function capOf(kind: RequestBeside['kind'], plan: Plan): number {
  switch (kind) {
    case 'aside':
      return (plan.voice + plan.text) * ASIDES_PER_LESSON
    case 'unheard':
      return plan.voice * UNHEARD_CAP_FACTOR
    case 'memory':
      return plan.voice + plan.text
  }
}

type State = {
  has_place: boolean
  is_used_up: boolean
  is_blocked: boolean
  is_taken: boolean
  /** The budgets have what it is reckoned to cost, or there is none. */
  is_affordable: boolean
  is_own_used_up: boolean
  budget_share: number | null
}

/**
 * Counts what is paid for beside the day's plan and holds the budget back for it, both or neither; a job is counted once, and
 * each of its runs holds back anew what those before it have used up.
 * Throws a unique violation where another job of the learner has picked the same number, and 'budget-held-back' where what
 * is left of a budget is held back for jobs under way.
 */
export async function reserveBeside(
  db: Kysely<Tables>,
  fence: Fence,
  request: RequestBeside,
  { plan, ...budgets }: Budgets & { plan: Plan },
): Promise<ReservationBeside> {
  const { learnerId, day, kind, stages, estimateMicroUsd } = request
  const { budgetMicroUsd, ownBudgetMicroUsd } = budgets
  const budget = sql`${budgetMicroUsd ?? null}::bigint`
  const ownBudget = sql`${ownBudgetMicroUsd ?? null}::bigint`
  const estimate = sql`${estimateMicroUsd}::bigint`
  const cap = capOf(kind, plan)
  const { rows } = await sql<State>`
    with mine as (${heldJob(fence)}),
    -- Locked, as a run that has lost the job may still charge it.
    placed as (select * from quota_use where job_id = ${fence.id} for update),
    counted as (
      select count(*) filter (where kind = ${kind}) >= ${cap}::integer as is_used_up,
        coalesce(max(place) filter (where kind = ${kind}), 0) as last,
        coalesce(sum(charged_micro_usd + reserved_micro_usd), 0)::bigint as own_spent,
        coalesce(max(budget_turn), 0) + 1 as turn
      from quota_use where learner_id = ${learnerId} and day = ${day}::date
    ),
    blocking as (
      select from breaker where ${STAGE} in (${sql.join(stages)}) and probe_at > now() limit 1
    ),
    today as (select (now() at time zone 'UTC')::date as day),
    wanted as (
      select mine.id, counted.last + 1 as place, own_spent, turn from mine, counted
      where not is_used_up and not exists (select from placed) and not exists (select from blocking)
    ),
    -- What today's budget has yet to hold back for, as for a lesson.
    unpaid as (
      select 0::bigint as reserved, 0::bigint as own_reserved from wanted union all
      select case when budget_day = today.day then reserved_micro_usd else 0 end, reserved_micro_usd
      from placed, today, mine
      where (budget_day is distinct from today.day or reserved_micro_usd < ${estimate})
        and not exists (
          select from journal
          where job_id = ${fence.id} and step in (${sql.join(PAID_STEPS)}) and state = 'done')
    ),
    charged as (
      insert into budget_day (day, spent_micro_usd)
      select today.day, ${estimate} - reserved from unpaid, today, counted
      where ${estimate} <= ${budget}
        and (${ownBudget} is null or own_spent + ${estimate} - own_reserved <= ${ownBudget})
      on conflict (day) do update
        set spent_micro_usd = budget_day.spent_micro_usd + excluded.spent_micro_usd
        where budget_day.spent_micro_usd + excluded.spent_micro_usd <= ${budget}
      returning day, spent_micro_usd - ${estimate} as spent
    ),
    taken as (
      insert into quota_use (job_id, learner_id, day, kind, place, budget_day, reserved_micro_usd,
        budget_share, budget_turn)
      select wanted.id, ${learnerId}, ${day}::date, ${kind}, wanted.place, charged.day,
        case when charged.day is null then 0 else ${estimate} end,
        case when charged.day is not null then greatest(
          charged.spent::float8 / ${budget}, own_spent::float8 / ${ownBudget}) end,
        case when ${ownBudget} is not null then turn end
      from wanted left join charged on true where ${budget} is null or charged.day is not null
      returning job_id, budget_share
    ),
    marked as (
      update quota_use set budget_day = charged.day, reserved_micro_usd = ${estimate}
      from charged, placed where quota_use.job_id = placed.job_id
    ),
    moved as (
      update budget_day set spent_micro_usd = budget_day.spent_micro_usd - placed.reserved_micro_usd
      from placed, charged where budget_day.day = placed.budget_day and placed.budget_day <> charged.day
    )
    select exists (select from placed) as has_place, is_used_up,
      ${budget} is null or not exists (select from unpaid) or exists (select from charged)
        as is_affordable,
      exists (select from blocking) as is_blocked, exists (select from taken) as is_taken,
      exists (select from unpaid where own_spent + ${estimate} - own_reserved > ${ownBudget})
        as is_own_used_up,
      coalesce((select budget_share from placed), (select budget_share from taken)) as budget_share
    from mine, counted`.execute(db)
  requireLease(rows, fence)
  const [state] = rows
  if (state === undefined) throw new Error('A fenced statement has one row.')
  if ((state.has_place && state.is_affordable) || state.is_taken) {
    return { kind: 'reserved', thrift: thriftAt(state.budget_share ?? 0) }
  }
  if (state.is_used_up && !state.has_place) return { kind: 'used-up' }
  if (state.is_blocked && !state.has_place) return { kind: 'provider-exhausted' }
  await waitForHeldBack(db, fence, request, budgets, estimateMicroUsd)
  return { kind: state.is_own_used_up ? 'own-budget-used-up' : 'budget-used-up' }
}

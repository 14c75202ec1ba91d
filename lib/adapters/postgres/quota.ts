import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { Plan, Quota, Reservation } from '../../app/lesson/quota.ts'
import type { PaidStep, Stage } from '../../app/usage.ts'
import type { LessonKind } from '../../domain/lesson/lesson.ts'
import { thriftAt } from '../../domain/lesson/thrift.ts'
import { NEXT_PROBE, STAGE } from './breaker.ts'
import { type Budgets, budgetsOf, estimateAt, waitForHeldBack } from './budgets.ts'
import { heldJob, requireLease } from './fence.ts'
import { reserveBeside, UNHEARD_CAP_FACTOR } from './quota-beside.ts'
import { nextUnheardPlace, numberingPlaces } from './unheard-places.ts'
import { isPaid } from './usage.ts'

/** The steps without which there is no lesson, and the stages that they ask. */
const TRANSCRIBE = 'transcribe' satisfies PaidStep & Stage
const REPLY = 'reply' satisfies PaidStep & Stage

/**
 * The day's plan in PostgreSQL. Places are numbered rows under a unique key, so parallel requests
 * cannot take more than there are; a job keeps the place it has. Fails closed.
 *
 * `dailyBudgetUsd` caps what all learners together may cost a UTC day, `learnerDailyBudgetUsd` what each may cost a day of
 * their own; undefined means no cap.
 */
export function pgQuota(
  db: Kysely<Tables>,
  {
    plan,
    dailyBudgetUsd,
    learnerDailyBudgetUsd,
  }: {
    plan: Plan
    dailyBudgetUsd: number | undefined
    learnerDailyBudgetUsd?: number | undefined
  },
): Quota {
  const budgets = budgetsOf(dailyBudgetUsd, learnerDailyBudgetUsd)

  return {
    plan,
    reserve: (fence, request) => reserve(db, fence, request, { plan, budgets }),
    reserveBeside: (fence, request) =>
      numberingPlaces(() => reserveBeside(db, fence, request, { plan, ...budgets })),
    endWithoutLesson: (fence) => numberingPlaces(() => endWithoutLesson(db, fence)),
  }
}

/** Takes a place of the plan, or says what there is none of; begins anew where what it has found is out of date. */
async function reserve(
  db: Kysely<Tables>,
  fence: Fence,
  request: { learnerId: number; day: string; kind: LessonKind },
  limits: { plan: Plan; budgets: Budgets },
): Promise<Reservation> {
  const { plan, budgets } = limits
  const limit = plan[request.kind]
  const unheardCap = limit * UNHEARD_CAP_FACTOR
  const state = await takePlace(db, fence, request, { limit, unheardCap, ...budgets })
  if (state.is_stale) {
    // A place belongs to its day: asked again on another one, the job takes one of that.
    await release(db, fence)
    return reserve(db, fence, request, limits)
  }
  if (!state.has_place && state.used_places >= limit) {
    const otherLeft = Math.max(0, plan[otherKind(request.kind)] - state.other_used_places)
    return { kind: 'quota-used-up', limit, otherLeft }
  }
  if (!state.has_place && state.unheard >= unheardCap) return { kind: 'unheard-used-up' }
  if (state.blocked_ms !== null) {
    return { kind: 'provider-exhausted', retryAfterMs: Math.max(0, state.blocked_ms) }
  }
  if (state.is_first_of_day) {
    await openDay(db)
    return reserve(db, fence, request, limits)
  }
  if (!state.is_affordable) {
    await waitForHeldBack(db, fence, request, budgets)
    // One taken before there was a budget, or one whose earlier runs have used up what was held back for it.
    if (state.has_place) await numberingPlaces(() => endWithoutLesson(db, fence))
    return { kind: state.is_own_used_up ? 'own-budget-used-up' : 'budget-used-up' }
  }
  // Another request took the place that this one had picked: there is still one free.
  if (!state.has_place) return reserve(db, fence, request, limits)
  const lessonsLeft = Math.max(0, limit - state.used_places - (state.is_taken ? 1 : 0))
  const thrift = thriftAt(state.budget_share ?? 0)
  return { kind: 'reserved', probe: state.is_probe, lessonsLeft, thrift }
}

const otherKind = (kind: LessonKind): LessonKind => (kind === 'voice' ? 'text' : 'voice')

type PlaceState = {
  /** The job has a place of another day. */
  is_stale: boolean
  has_place: boolean
  /** Before this call; what the job has had of it is counted. */
  used_places: number
  /** Of the other kind. */
  other_used_places: number
  unheard: number
  /** This call has taken the place. */
  is_taken: boolean
  is_probe: boolean
  blocked_ms: number | null
  /** The day's budgets have what the lesson is reckoned to cost, or there is none. */
  is_affordable: boolean
  /** It is the learner's own that has not. */
  is_own_used_up: boolean
  /** How much of the budgets was gone when the place was taken. */
  budget_share: number | null
  /** Nothing was charged to the budget's day by now: there is no row of it to lock. */
  is_first_of_day: boolean
}

type Bounds = Budgets & { limit: number; unheardCap: number }

/** Takes a free place and charges the day's budget for it, both or neither; a job is charged once. */
async function takePlace(
  db: Kysely<Tables>,
  fence: Fence,
  { learnerId, day, kind }: { learnerId: number; day: string; kind: LessonKind },
  { limit, unheardCap, budgetMicroUsd, ownBudgetMicroUsd }: Bounds,
): Promise<PlaceState> {
  const budget = sql`${budgetMicroUsd ?? null}::bigint`
  const ownBudget = sql`${ownBudgetMicroUsd ?? null}::bigint`
  const { rows } = await sql<PlaceState>`
    with mine as (${heldJob(fence)}),
    -- Locked, as a run that has lost the job may still charge it.
    placed as (select * from quota_use where job_id = ${fence.id} for update),
    -- One with its lesson keeps its day, wherever the learner has moved since.
    stale as (
      select job_id from placed where day <> ${day}::date
        and not exists (select from lesson where lesson.job_id = placed.job_id)
    ),
    held as (select * from placed where not exists (select from stale)),
    -- Needs the provider for its voice at most, and its lesson stands without: it has its place whatever the budget has, which
    -- holds back for that voice what it can.
    answered as (
      select job_id from journal where job_id = ${fence.id} and step = ${REPLY} and state = 'done'
    ),
    counted as (
      select count(*) filter (where kind = ${kind}) as used_places,
        count(*) filter (where kind = ${otherKind(kind)}) as other_used_places,
        count(*) filter (where kind = 'unheard') as unheard,
        coalesce(sum(charged_micro_usd + reserved_micro_usd), 0)::bigint as own_spent,
        coalesce(max(budget_turn), 0) + 1 as turn
      from quota_use where learner_id = ${learnerId} and day = ${day}::date
    ),
    needed as (
      select provider, probe_at from breaker
      where not exists (select from answered)
        and (${STAGE} = ${REPLY} or (${STAGE} = ${TRANSCRIBE} and ${kind === 'voice'}::boolean
          and not exists (
            select from journal
            where job_id = ${fence.id} and step = ${TRANSCRIBE} and state = 'done')))
    ),
    probing as (
      update breaker set probe_at = ${NEXT_PROBE}, probes = breaker.probes + 1
      from mine, counted, needed
      where breaker.provider = needed.provider and breaker.probe_at <= now()
        and not exists (select from needed where probe_at > now())
        and not exists (select from stale)
        -- Not by one who has no place left to find out with.
        and (exists (select from held)
          or (counted.used_places < ${limit}::integer and counted.unheard < ${unheardCap}::integer))
      returning breaker.provider
    ),
    blocking as (
      select max(probe_at) as probe_at from needed
      where not exists (select from probing) having count(*) > 0
    ),
    free as (
      select place from mine, counted, generate_series(1, ${limit}::integer) as place
      where counted.unheard < ${unheardCap}::integer
        and not exists (select from placed) and not exists (select from blocking)
        and not exists (
          select from quota_use
          where learner_id = ${learnerId} and day = ${day}::date and kind = ${kind}
            and quota_use.place = place.place)
      order by place limit 1
    ),
    today as (select (now() at time zone 'UTC')::date as day),
    -- What today's budget has yet to hold back for: nothing so far, what earlier runs have used up, or what a day that
    -- is over holds back, since all that is paid from now on is today's.
    unpaid as (
      select 0::bigint as reserved, 0::bigint as own_reserved, null::float8 as share from free union all
      select case when budget_day = today.day then reserved_micro_usd else 0 end,
        reserved_micro_usd, coalesce(budget_share, 0)
      from held, today, mine
      where (budget_day is distinct from today.day
          or reserved_micro_usd < ${estimateAt(sql`budget_share`)})
        and kind <> 'unheard'
        and not exists (select from blocking)
    ),
    -- Locked, so that what it says still holds when it is charged; behind the place, as a charge locks them.
    purse as (
      select budget_day.day, spent_micro_usd, reserved, own_reserved, coalesce(share, greatest(
        spent_micro_usd::float8 / ${budget}, own_spent::float8 / ${ownBudget})) as share
      from budget_day, unpaid, counted
      where day = (select day from today) and ${budget} is not null for update of budget_day
    ),
    priced as (select *, ${estimateAt(sql`share`)} as estimate from purse),
    affordable as (
      select day, share, estimate, estimate - reserved as amount from priced, counted
      where spent_micro_usd + estimate - reserved <= ${budget}
        and (${ownBudget} is null or own_spent + estimate - own_reserved <= ${ownBudget})
    ),
    taken as (
      insert into quota_use (job_id, learner_id, day, kind, place, budget_day, reserved_micro_usd,
        budget_share, budget_turn)
      select mine.id, ${learnerId}, ${day}::date, ${kind}, free.place, affordable.day,
        coalesce(affordable.estimate, 0), affordable.share,
        case when ${ownBudget} is not null then counted.turn end
      from mine, counted, free left join affordable on true
      where ${budget} is null or affordable.day is not null
      on conflict do nothing returning job_id, budget_share
    ),
    marked as (
      update quota_use set budget_day = affordable.day, reserved_micro_usd = affordable.estimate
      from affordable, held where quota_use.job_id = held.job_id returning quota_use.job_id
    ),
    charged as (
      update budget_day set spent_micro_usd = budget_day.spent_micro_usd + amount
      from affordable, (select job_id from taken union all select job_id from marked) as place
      where budget_day.day = affordable.day
    ),
    moved as (
      update budget_day set spent_micro_usd = budget_day.spent_micro_usd - held.reserved_micro_usd
      from held, affordable where budget_day.day = held.budget_day and held.budget_day <> affordable.day
    )
    select exists (select from stale) as is_stale,
      exists (select from held) or exists (select from taken) as has_place,
      counted.used_places, counted.other_used_places, counted.unheard,
      exists (select from taken) as is_taken,
      exists (select from probing) as is_probe,
      (select extract(epoch from probe_at - now())::float8 * 1000 from blocking) as blocked_ms,
      ${budget} is null or not exists (select from unpaid) or exists (select from affordable)
        or exists (select from answered) as is_affordable,
      exists (select from priced where counted.own_spent + estimate - own_reserved > ${ownBudget})
        as is_own_used_up,
      coalesce((select budget_share from held), (select budget_share from taken)) as budget_share,
      ${budget} is not null and exists (select from unpaid) and not exists (select from purse)
        as is_first_of_day
    from mine, counted`.execute(db)
  requireLease(rows, fence)
  const [state] = rows
  if (state === undefined) throw new Error('A fenced statement has one row.')
  return state
}

/** Begins a day of the budget. */
async function openDay(db: Kysely<Tables>): Promise<void> {
  await sql`
    insert into budget_day (day) values ((now() at time zone 'UTC')::date)
    on conflict do nothing`.execute(db)
}

async function release(db: Kysely<Tables>, fence: Fence): Promise<void> {
  const { rows } = await sql`
    with mine as (${heldJob(fence)}),
    given_back as (
      delete from quota_use using mine where job_id = mine.id
      returning quota_use.budget_day, reserved_micro_usd
    ),
    refunded as (
      update budget_day set spent_micro_usd = spent_micro_usd - given_back.reserved_micro_usd
      from given_back where day = given_back.budget_day
    )
    select id from mine`.execute(db)
  requireLease(rows, fence)
}

/**
 * Deletes the place of a job without a lesson, or counts it where it was paid for; once, also where two runs do so. What the budget
 * holds back for a place that is counted stays until the job ends.
 */
async function endWithoutLesson(db: Kysely<Tables>, fence: Fence): Promise<boolean> {
  const { rows } = await sql<{ is_paid: boolean }>`
    with mine as (${heldJob(fence, sql`, ${isPaid(fence.id)} as is_paid`)}),
    given_back as (
      delete from quota_use using mine where job_id = mine.id and not is_paid
      returning quota_use.budget_day, reserved_micro_usd
    ),
    refunded as (
      update budget_day set spent_micro_usd = spent_micro_usd - given_back.reserved_micro_usd
      from given_back where day = given_back.budget_day
    ),
    counted as (
      update quota_use set kind = 'unheard', place = ${nextUnheardPlace}
      from mine where job_id = mine.id and kind <> 'unheard' and is_paid
    )
    select is_paid from mine`.execute(db)
  requireLease(rows, fence)
  return rows[0]?.is_paid ?? false
}

import { sql } from 'kysely'
import type { Run } from './run.ts'

/** In millionths of a US dollar: of all learners, of each, and of the API's key. */
export type Budgets = { all: number; own: number; key: number }

/** A run and the budgets that it is under. */
type Spender = { run: Run; budgets: Budgets }

/** More than any run can spend. */
export const UNLIMITED = 1_000_000_000

/** What was spent before a lesson: of the UTC day, of the learner's own day, of the key's UTC day. */
export type Spending = { all: number; own: number; key: number }

/** A chat by its number, or a client of the API by its name. */
export type LearnerName = number | string

const prague = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Prague' })

/** Reads from the ledger what a lesson that begins now finds spent. */
export async function spendingOf(
  { run }: Pick<Spender, 'run'>,
  learner: LearnerName,
): Promise<Spending> {
  const now = run.world.clock.now()
  const utcDay = new Date(now).toISOString().slice(0, 10)
  const ownDay = prague.format(new Date(now))
  const { rows } = await sql<Spending>`
    select coalesce(sum(micro_usd) filter (where usage.day = ${utcDay}::date), 0)::float8 as "all",
      coalesce(sum(micro_usd) filter (where usage.learner_id = ${learnerId(run, learner)}
        and place.day = ${ownDay}::date), 0)::float8 as own,
      coalesce(sum(micro_usd) filter (where api_key_id is not null
        and usage.day = ${utcDay}::date), 0)::float8 as key
    from usage left join quota_use as place using (job_id)`.execute(run.world.db)
  return rows[0] ?? { all: 0, own: 0, key: 0 }
}

/**
 * Makes the newest call of a learner's day dearer, as a long reply would be, so that a share of the tightest budget is spent.
 * False where there is such a budget, and no call in the day.
 */
export async function dearerCall(
  spender: Spender,
  { learner, share }: { learner: LearnerName; share: number },
): Promise<boolean> {
  const { run, budgets } = spender
  const spending = await spendingOf(spender, learner)
  const room = (['all', 'own', 'key'] as const)
    .filter((name) => budgets[name] !== UNLIMITED)
    .filter((name) => name !== 'key' || typeof learner === 'string')
    .map((name) => Math.floor(budgets[name] * share - spending[name]))
  if (room.length === 0) return true
  const amount = Math.min(...room)
  const now = run.world.clock.now()
  const utcDay = new Date(now).toISOString().slice(0, 10)
  const ownDay = prague.format(new Date(now))
  const { rows } = await sql`
    with call as (
      select usage.call_id, usage.job_id from usage join quota_use as place using (job_id)
      where usage.learner_id = ${learnerId(run, learner)} and usage.day = ${utcDay}::date
        and place.day = ${ownDay}::date and usage.stage = 'reply'
      order by usage.job_id desc limit 1
    ),
    dearer as (select * from call where ${amount}::bigint > 0),
    charged as (update usage set micro_usd = micro_usd + ${amount}::bigint from dearer
      where usage.call_id = dearer.call_id),
    noted as (update quota_use set charged_micro_usd = charged_micro_usd + ${amount}::bigint
      from dearer where quota_use.job_id = dearer.job_id),
    priced as (update lesson set cost_micro_usd = cost_micro_usd + ${amount}::bigint
      from dearer where lesson.job_id = dearer.job_id),
    spent as (update budget_day set spent_micro_usd = spent_micro_usd + ${amount}::bigint
      from dearer where day = ${utcDay}::date)
    select from call`.execute(run.world.db)
  return rows.length > 0
}

function learnerId(run: Run, learner: LearnerName) {
  return typeof learner === 'string'
    ? sql`(select id from learner where external_id = ${learner})`
    : sql`(select id from learner where telegram_id = ${run.chats[learner]?.learner.user.id ?? 0})`
}

import { sql } from 'kysely'
import { databaseHealth } from '../../lib/adapters/postgres/health.ts'
import { ConfigError } from '../../lib/config.ts'
import { repairOf, STALLED_SECONDS } from '../../lib/http/health.ts'
import { type Check, type Finding, fail, ok, unseen, warn } from './check.ts'
import { lookAtTables } from './database.ts'

export const inbox: Check = {
  needs: ['database'],
  look: (facts) =>
    lookAtTables(facts, async (db) => {
      const [health, { rows }] = await Promise.all([
        databaseHealth(db),
        sql<{
          poison: number
        }>`select count(*)::integer as poison from inbox where state = 'poison'`.execute(db),
      ])
      if ('refusal' in health || health.inbox === undefined) return unseen('database')
      const { waiting, parked, dead, diedLastHour, oldestDueSeconds, oldestDelay, blockedStages } =
        health.inbox
      const poison = rows[0]?.poison ?? 0
      const found = `${waiting} waiting, the oldest due for ${oldestDueSeconds} s, ${parked} parked, ${dead} dead, ${poison} poison`
      if (parked > 0 && blockedStages.length > 0)
        return fail(found, blockedStages.map(repairOf).join('; '))
      if (oldestDueSeconds > STALLED_SECONDS) {
        return fail(found, `${MONITOR}; then look for processing_error in the log`)
      }
      if (oldestDelay !== null && oldestDelay.seconds > STALLED_SECONDS) {
        const delay = `${found}; one is tried again for ${oldestDelay.seconds} s`
        return fail(delay, `look for ${oldestDelay.reason} in the log`)
      }
      if (diedLastHour > 0) return fail(found, 'npm run jobs -- list --state dead')
      if (poison > 0) return warn(found, 'npm run jobs -- list --state poison')
      return ok(found)
    }),
}

const MONITOR = 'let a monitor call /health of WEBHOOK_URL every few minutes'

/** A monitor calls every few minutes, a process of its own sweeps every few seconds. */
const SWEEP_WARN_SECONDS = 3_600
/** The platform's own scheduler comes once a day. */
const SWEEP_FAIL_SECONDS = 25 * 3_600

export const cron: Check = {
  needs: ['database'],
  look: (facts) =>
    lookAtTables(facts, async () => {
      const rows = await facts.database.duties()
      const secondsOf = (name: string) => rows.find((row) => row.name === name)?.seconds ?? null
      const sweep = secondsOf('sweep')
      const remind = secondsOf('remind')
      const reminded = remind === null ? '' : `, last remind ${agoInWords(remind)}`
      const found = `last sweep ${agoInWords(sweep)}${reminded}`
      if (sweep === null || sweep > SWEEP_FAIL_SECONDS)
        return fail(found, `${MONITOR}; ${SCHEDULER}`)
      return sweep > SWEEP_WARN_SECONDS ? warn(found, MONITOR) : ok(found)
    }),
}

const SCHEDULER = 'on Vercel, Project > Settings > Cron Jobs has to be on, and CRON_SECRET set'

function agoInWords(seconds: number | null): string {
  if (seconds === null) return 'never'
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s ago`
  return seconds < 7_200
    ? `${Math.round(seconds / 60)} min ago`
    : `${Math.round(seconds / 3_600)} h ago`
}

/** From this share of the day's budget on, an operator is warned. */
const WARNING_SHARE = 0.8

export const budget: Check = {
  needs: ['database'],
  async look(facts) {
    const { config } = facts
    return lookAtTables(facts, async (db) => {
      const { rows } = await sql<{ spent: number }>`
        select coalesce(sum(spent_micro_usd), 0)::float8 as spent from budget_day
        where day = (now() at time zone 'UTC')::date`.execute(db)
      if (config instanceof ConfigError) return unseen('config')
      return judged((rows[0]?.spent ?? 0) / 1e6, config.dailyBudgetUsd)
    })
  },
}

function judged(spent: number, budget: number | undefined): Finding {
  const spentToday = `$${spent.toFixed(2)} spent today (UTC)`
  if (budget === undefined) return ok(`${spentToday}; no limit: DAILY_BUDGET_USD is not set`)
  const left = Math.max(0, budget - spent)
  const found = `${spentToday}, $${left.toFixed(2)} of $${budget.toFixed(2)} left`
  const fix =
    'raise DAILY_BUDGET_USD, or wait for 00:00 UTC; npm run usage -- --by learner says who'
  if (left < MIN_LESSON_USD) return fail(found, fix)
  return spent >= budget * WARNING_SHARE
    ? warn(`${found}: lessons stop when it is spent`, fix)
    : ok(found)
}

/** What is held back for one lesson: with less left, none begins. */
const MIN_LESSON_USD = 0.03

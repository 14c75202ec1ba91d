import { dollarsInWords } from '../../domain/lesson/dollars.ts'
import { LESSON_ESTIMATES_MICRO_USD } from '../../domain/lesson/prices.ts'
import { thriftAt } from '../../domain/lesson/thrift.ts'
import { type InboxHealth, repairOf, STALLED_SECONDS } from '../health.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** How many seconds ago a duty was last done; null where it never was. */
export type DutyAge = { name: string; seconds: number | null }

/** Tells whether jobs are run, and how many wait for an operator. */
export function judgeInbox(inbox: InboxHealth, poison: number): Finding {
  const { waiting, parked, dead, diedLastHour, oldestDueSeconds, oldestDelay, blockedStages } =
    inbox
  const observation = `${waiting} waiting, the oldest due for ${oldestDueSeconds} s, ${parked} parked, ${dead} dead, ${poison} poison`
  if (parked > 0 && blockedStages.length > 0)
    return fail(observation, blockedStages.map(repairOf).join('; '))
  if (oldestDueSeconds > STALLED_SECONDS) {
    return fail(observation, `${MONITOR}; then look for processing_error in the log`)
  }
  if (oldestDelay !== null && oldestDelay.seconds > STALLED_SECONDS) {
    const delay = `${observation}; one is tried again for ${oldestDelay.seconds} s`
    return fail(delay, `look for ${oldestDelay.reason} in the log`)
  }
  if (diedLastHour > 0) return fail(observation, 'npm run jobs -- list --state dead')
  if (poison > 0) return warn(observation, 'npm run jobs -- list --state poison')
  return ok(observation)
}

const MONITOR = 'let a monitor call /health of WEBHOOK_URL every few minutes'

/** A monitor sweeps every few minutes, a process that stays up every few seconds. */
const SWEEP_WARN_SECONDS = 3_600
/** The platform's own scheduler comes once a day. */
const SWEEP_FAIL_SECONDS = 25 * 3_600

/** Tells whether something sweeps: without sweeps, failed jobs are not retried. */
export function judgeCron(duties: readonly DutyAge[]): Finding {
  const secondsOf = (name: string) => duties.find((duty) => duty.name === name)?.seconds ?? null
  const sweep = secondsOf('sweep')
  const remind = secondsOf('remind')
  const remindPart = remind === null ? '' : `, last remind ${agoInWords(remind)}`
  const observation = `last sweep ${agoInWords(sweep)}${remindPart}`
  if (sweep === null || sweep > SWEEP_FAIL_SECONDS)
    return fail(observation, `${MONITOR}; ${SCHEDULER}`)
  return sweep > SWEEP_WARN_SECONDS ? warn(observation, MONITOR) : ok(observation)
}

const SCHEDULER = 'on Vercel, Project > Settings > Cron Jobs has to be on, and CRON_SECRET set'

function agoInWords(seconds: number | null): string {
  if (seconds === null) return 'never'
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s ago`
  return seconds < 7_200
    ? `${Math.round(seconds / 60)} min ago`
    : `${Math.round(seconds / 3_600)} h ago`
}

/** Tells how much of the UTC day's budget is left, in dollars, and whether the day is thrifty; an undefined budget has no limit. */
export function judgeBudget(
  spentUsd: number,
  budget: number | undefined,
  learnerBudget?: number,
): Finding {
  const spentToday = `${dollarsInWords(spentUsd)} spent today (UTC)`
  const learnerPart =
    learnerBudget === undefined ? '' : `; each learner has ${dollarsInWords(learnerBudget)} a day`
  if (budget === undefined)
    return ok(`${spentToday}; no limit: DAILY_BUDGET_USD is not set${learnerPart}`)
  const leftUsd = Math.max(0, budget - spentUsd)
  const observation = `${spentToday}, ${dollarsInWords(leftUsd)} of ${dollarsInWords(budget)} left`
  const fix =
    'raise DAILY_BUDGET_USD, or wait for 00:00 UTC; npm run usage -- --by learner says who'
  const thrift = thriftAt(spentUsd / budget)
  if (leftUsd * 1e6 < LESSON_ESTIMATES_MICRO_USD[thrift])
    return fail(`${observation}: no lessons`, fix)
  return thrift === 'none'
    ? ok(`${observation}${learnerPart}`)
    : warn(`${observation}, thrifty: ${THRIFT_WORDS[thrift]}`, fix)
}

const THRIFT_WORDS = {
  brief: 'replies of two sentences, no new memories',
  written: 'answers in writing alone, no new memories',
}

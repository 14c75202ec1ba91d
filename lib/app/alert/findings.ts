import type { AlertFinding, Trouble } from '../../domain/alert/alert.ts'
import { dollarsInWords } from '../../domain/lesson/dollars.ts'
import { LESSON_ESTIMATES_MICRO_USD } from '../../domain/lesson/prices.ts'
import { BRIEF_SHARE, thriftAt } from '../../domain/lesson/thrift.ts'
import { type DatabaseHealth, type InboxHealth, repairOf, STALLED_SECONDS } from '../health.ts'
import type { AlertFigures, RecentJobs } from './alerts.ts'

/** With fewer jobs or lessons than these, a share of them says little. */
const MIN_JOBS = 20
const MIN_LESSONS = 5
const MAX_FAILED_SHARE = 0.1
const MAX_P95_SECONDS = 15
const MAX_DUE_SECONDS = 300

const trouble = (summary: string, fix: string, level = 0): Trouble => ({ level, summary, fix })

/** The findings of a look at our own database, one a kind. */
export function databaseFindings(
  { health, recent, spentUsd }: AlertFigures,
  { dailyBudgetUsd }: { dailyBudgetUsd: number | undefined },
): AlertFinding[] {
  const { inbox } = health
  return [
    { kind: 'health', trouble: healthTrouble(health) },
    { kind: 'errors', trouble: errorTrouble(recent) },
    { kind: 'slow', trouble: slowTrouble(recent) },
    { kind: 'budget', trouble: budgetTrouble(spentUsd, dailyBudgetUsd) },
    ...(inbox === undefined ? [] : inboxFindings(inbox)),
  ]
}

function inboxFindings(inbox: InboxHealth): AlertFinding[] {
  return [
    { kind: 'quota', trouble: quotaTrouble(inbox) },
    { kind: 'dead', trouble: deadTrouble(inbox) },
    { kind: 'backlog', trouble: backlogTrouble(inbox) },
  ]
}

/** Trouble that makes /health fail and that has no kind of its own. */
function healthTrouble(health: DatabaseHealth): Trouble | null {
  const { pendingMigrations, isReadOnly, wrongEncoding, inbox } = health
  if (isReadOnly) {
    return trouble('The database is read-only: nothing can be stored.', doctor('database'))
  }
  if (wrongEncoding !== undefined) {
    return trouble(`The database is encoded in ${wrongEncoding}, not in UTF8.`, doctor('database'))
  }
  const pendingCount = pendingMigrations.length
  if (pendingCount > 0) {
    return trouble(
      `Migrations that have not run: ${pendingCount}. Tables are missing.`,
      'npm run migrate -- up',
    )
  }
  const refusedStages = inbox?.blockedStages.filter(({ reason }) => reason !== QUOTA) ?? []
  if (refusedStages.length > 0) {
    return trouble(sentence(refusedStages.map(repairOf).join('; ')), doctor('openai-key'))
  }
  const delay = inbox?.oldestDelay ?? null
  if (delay === null || delay.seconds <= STALLED_SECONDS) return null
  return trouble(
    `A job has been tried again for ${minutes(delay.seconds)}: ${delay.reason}.`,
    `npm run doctor # then look for ${delay.reason} in the log`,
  )
}

const QUOTA = 'provider-quota-exhausted'

function quotaTrouble({ blockedStages, parked }: InboxHealth): Trouble | null {
  const exhaustedStages = blockedStages.filter(({ reason }) => reason === QUOTA)
  if (exhaustedStages.length === 0) return null
  const repairs = sentence(exhaustedStages.map(repairOf).join('; '))
  return trouble(
    `${repairs} Jobs that wait for it: ${parked}.`,
    `${doctor('openai-key')} # top the account up; what waits goes on within five minutes`,
  )
}

function deadTrouble({ diedLastHour }: InboxHealth): Trouble | null {
  if (diedLastHour === 0) return null
  return trouble(
    `Jobs that died in the last hour: ${diedLastHour}. Their senders were told.`,
    'npm run jobs -- list --state dead # show ID says why; then retry ID, or discard ID',
  )
}

function backlogTrouble({ oldestDueSeconds, waiting }: InboxHealth): Trouble | null {
  if (oldestDueSeconds <= MAX_DUE_SECONDS) return null
  return trouble(
    `Jobs that wait: ${waiting}. The oldest has been due for ${minutes(oldestDueSeconds)}.`,
    'npm run doctor # cron: does a monitor call /health? else more LESSON_SLOTS, or another instance',
  )
}

function errorTrouble({ total, failedCount }: RecentJobs): Trouble | null {
  if (total < MIN_JOBS || failedCount <= total * MAX_FAILED_SHARE) return null
  return trouble(
    `${failedCount} of ${total} jobs of the last 15 minutes failed.`,
    'npm run jobs -- list # its codes say why; then npm run doctor',
  )
}

function slowTrouble({ lessons, p95Seconds }: RecentJobs): Trouble | null {
  if (lessons < MIN_LESSONS || p95Seconds === null || p95Seconds <= MAX_P95_SECONDS) return null
  return trouble(
    `Of ${lessons} lessons in the last 15 minutes, 95 in 100 took up to ${Math.round(p95Seconds)} s.`,
    'npm run doctor # then stages_ms in the log says which stage is slow',
  )
}

function budgetTrouble(spentUsd: number, budgetUsd: number | undefined): Trouble | null {
  if (budgetUsd === undefined) return null
  const share = spentUsd / budgetUsd
  if (share < BRIEF_SHARE) return null
  const spending = `${dollarsInWords(spentUsd)} of ${dollarsInWords(budgetUsd)} are spent or held back today (UTC)`
  const fix =
    'npm run usage -- --days 1 --by learner # to go on as ever, raise DAILY_BUDGET_USD and deploy'
  const estimate = LESSON_ESTIMATES_MICRO_USD[thriftAt(share)] / 1e6
  return budgetUsd - spentUsd < estimate
    ? trouble(`${spending}: lessons are refused until 00:00 UTC.`, fix, 100)
    : trouble(`${spending}: replies are short, and written from 95 % on.`, fix, 80)
}

/** The finding on the webhook, of what Telegram says of it: `ok...`, or what is wrong. */
export function webhookFinding(judgement: string): AlertFinding {
  return {
    kind: 'webhook',
    trouble: judgement.startsWith('ok')
      ? null
      : trouble(`Telegram: ${judgement}.`, doctor('webhook-backlog')),
  }
}

/** A model in use that is shut down in so many days. */
export type EndingModel = { variable: string; model: string; days: number; successor?: string }

/** How many days before a model's shutdown its operator is told, and told again. */
const SHUTDOWN_DAYS = [3, 14, 45]

/** The finding on the model that is shut down first; no trouble where none is shut down soon. */
export function modelFinding(models: readonly EndingModel[]): AlertFinding {
  const [nextModel] = models.toSorted((a, b) => a.days - b.days)
  const thresholdDays = SHUTDOWN_DAYS.find(
    (days) => nextModel !== undefined && nextModel.days <= days,
  )
  if (nextModel === undefined || thresholdDays === undefined)
    return { kind: 'model', trouble: null }
  const { variable, model, days, successor } = nextModel
  const when =
    days < 0 ? 'was shut down' : `is shut down in ${days === 1 ? '1 day' : `${days} days`}`
  const fix = `${doctor('models')} # set ${variable}=${successor ?? 'a model that stays'} and deploy`
  return {
    kind: 'model',
    trouble: trouble(`${model} (${variable}) ${when}.`, fix, 100 - thresholdDays),
  }
}

const doctor = (check: string) => `npm run doctor -- --only ${check}`
const minutes = (seconds: number) => `${Math.round(seconds / 60)} min`
const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`

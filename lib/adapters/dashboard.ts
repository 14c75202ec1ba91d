import type { Database } from '../../db/open.ts'
import { judgeMigrations, judgeServer } from '../app/check/database.ts'
import { judgeBudget, judgeCron, judgeInbox } from '../app/check/work.ts'
import type { Dashboard, JobDetail, Present } from '../app/dashboard/dashboard.ts'
import { attemptsBeside } from '../app/dashboard/sign-in-attempts.ts'
import { AppError } from '../app/error.ts'
import type { DatabaseHealth, InboxHealth } from '../app/health.ts'
import type { Now } from '../app/ports.ts'
import { type DashboardStages, modelRows } from './dashboard-models.ts'
import { dutyAges, poisonCount, serverState, spentTodayUsd } from './postgres/checks.ts'
import { withDatabaseErrors } from './postgres/database-error.ts'
import { databaseHealth } from './postgres/health.ts'
import { discardJob, findJob, listFailingJobs, retryJob } from './postgres/job-records.ts'
import { periodFigures } from './postgres/period-figures.ts'
import { pgSignInAttempts } from './postgres/sign-in-attempts.ts'

type DashboardOptions = {
  database: Database
  now: Now
  dailyBudgetUsd: number | undefined
  stages: DashboardStages
}

const MAX_JOBS = 100

/** The dashboard on this database; the models' servers are asked by `stages`. */
export function openDashboard(options: DashboardOptions): Dashboard {
  const { database, now, stages } = options
  const { db } = database
  const attempts = withDatabaseErrors(pgSignInAttempts(db))
  return {
    signInAttempts: attemptsBeside(attempts, now),
    models: modelRows(stages, now),
    ...withDatabaseErrors({
      figures: (period) => periodFigures(db, period),
      present: () => presentOf(options),
      findJob: (id) => silentDetail(findJob(db, id)),
      retryJob: (id) => retryJob(db, id),
      discardJob: (id) => discardJob(db, id),
    } satisfies Partial<Dashboard>),
  }
}

async function presentOf({ database, dailyBudgetUsd }: DashboardOptions): Promise<Present> {
  const { db, driver } = database
  const [
    server,
    { inbox, pendingMigrations, laterMigrations = [] },
    poison,
    duties,
    spentUsd,
    jobs,
  ] = await Promise.all([
    serverState(db),
    healthOf(database),
    poisonCount(db),
    dutyAges(db),
    spentTodayUsd(db),
    listFailingJobs(db, MAX_JOBS),
  ])
  const { waiting, parked, dead, oldestDueSeconds } = inbox
  return {
    inbox: { waiting, parked, dead, poison, oldestDueSeconds },
    budget: { spentUsd, limitUsd: dailyBudgetUsd ?? null },
    jobs,
    checks: [
      { check: 'database', finding: judgeServer({ ...server, driver }) },
      { check: 'migrations', finding: judgeMigrations(pendingMigrations, laterMigrations) },
      { check: 'inbox', finding: judgeInbox(inbox, poison) },
      { check: 'cron', finding: judgeCron(duties) },
      { check: 'budget', finding: judgeBudget(spentUsd, dailyBudgetUsd) },
    ],
  }
}

/** The health of a database that has all tables. */
async function healthOf({ db }: Database): Promise<DatabaseHealth & { inbox: InboxHealth }> {
  const health = await databaseHealth(db)
  if ('refusal' in health) throw new AppError('database-unavailable', health.refusal)
  const { inbox } = health
  if (inbox !== undefined) return { ...health, inbox }
  throw new AppError('database-unavailable', 'tables are missing: run npm run migrate -- up')
}

/**
 * A job with its newest error as far as that quotes no message: the words of a provider's failure are ours, those of
 * Telegram's and of an unexpected error may be the learner's.
 */
async function silentDetail(search: ReturnType<typeof findJob>): Promise<JobDetail | undefined> {
  const detail = await search
  if (detail === undefined) return undefined
  const { job, steps, lastError } = detail
  const isSilent = /^(provider-|audio-|send-|misconfigured)/.test(lastError ?? '')
  return { job, steps, lastError: isSilent ? lastError : null }
}

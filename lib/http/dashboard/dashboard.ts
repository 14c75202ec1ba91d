import { z } from 'zod'
import { CHECK_URL } from '../../app/check/database.ts'
import { fail, ok } from '../../app/check/finding.ts'
import { type CheckRow, type Dashboard, PERIODS } from '../../app/dashboard/dashboard.ts'
import { type AppError, recover } from '../../app/error.ts'
import type { Now } from '../../app/ports.ts'
import type { Answer } from '../answer.ts'
import type { BaseDeps } from '../answering.ts'
import { readBytes, readJson } from '../body.ts'
import { type Problem, problem } from '../problem.ts'
import { foreignPageProblem } from './own-page.ts'
import { hasSession } from './session.ts'

export type DashboardDeps = BaseDeps & {
  config: { adminToken: string | undefined; version: string; environment: string }
  now: Now
  dashboard(): Promise<Dashboard>
  sweepSoon(): void
}

const View = z.union([
  z.object({ period: z.enum(PERIODS) }),
  z.object({ job: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) }),
  z.object({ models: z.string() }),
])

/**
 * `GET /api/dashboard?period=24h|7d|30d`: what happened in a period and how things stand; `?job=ID`: one job with the
 * steps of its journal, never what was said; `?models`: when the models are shut down.
 */
export async function showDashboard(
  request: Request,
  deps: DashboardDeps,
): Promise<Answer | Problem> {
  if (!hasSession(request, deps.config.adminToken, deps.now())) return signedOut()
  const { data: view } = View.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (view === undefined) {
    const errors = [{ field: 'period', message: `must be one of ${PERIODS.join(', ')}` }]
    return problem('invalid_request', { detail: 'Ask for a period.', errors })
  }
  const dashboard = await deps.dashboard()
  if ('models' in view) return { kind: 'answer', body: { models: await dashboard.models() } }
  if ('job' in view) {
    const body = await dashboard.findJob(view.job)
    return body ? { kind: 'answer', body } : problem('unknown_job', { detail: `${view.job}` })
  }
  const { period } = view
  return recover<Answer, Problem>(
    Promise.all([dashboard.figures(period), dashboard.present()]).then(([figures, present]) => {
      const { version, environment } = deps.config
      const checks = [configCheck(deps.config), ...present.checks]
      const at = deps.now().toISOString()
      const body = { at, version, environment, period, figures, present: { ...present, checks } }
      return { kind: 'answer', body }
    }),
    ['database-unavailable'],
    (error) => databaseAway(error, deps),
  )
}

function signedOut(): Problem {
  return problem('unauthorized', { detail: 'Sign in at /dashboard.' })
}

function configCheck({ environment, version }: DashboardDeps['config']): CheckRow {
  return { check: 'config', finding: ok(`${environment}, version ${version}`) }
}

/** The page says what is the matter with the database, and what to do. */
function databaseAway(error: AppError, { config }: DashboardDeps): Problem {
  const checks: CheckRow[] = [
    configCheck(config),
    { check: 'database', finding: fail(error.message, CHECK_URL) },
  ]
  return problem('database_unavailable', {
    detail: error.message,
    retryAfterSeconds: 5,
    members: { checks },
  })
}

const MAX_BYTES = 1_024
const Command = z.object({
  action: z.enum(['retry', 'discard']),
  job: z.number().int().positive(),
})

/** `POST /api/dashboard`: lets a dead or poisoned job run again, or ends it for good. Twice is once. */
export async function changeJob(request: Request, deps: DashboardDeps): Promise<Answer | Problem> {
  if (!hasSession(request, deps.config.adminToken, deps.now())) return signedOut()
  const foreign = foreignPageProblem(request)
  if (foreign !== undefined) return foreign
  const { bytes } = await readBytes(request, MAX_BYTES)
  const { data: command } = Command.safeParse(readJson(bytes))
  if (command === undefined) {
    const detail = 'Send {"action": "retry" or "discard", "job": ID}.'
    return problem('invalid_request', { detail })
  }
  const { action, job } = command
  const dashboard = await deps.dashboard()
  const change = await (action === 'retry' ? dashboard.retryJob(job) : dashboard.discardJob(job))
  if (change.kind === 'changed') {
    deps.log.info(action === 'retry' ? 'job_retried' : 'job_discarded', { job_id: job })
    deps.sweepSoon()
  }
  return { kind: 'answer', body: { job, change } }
}

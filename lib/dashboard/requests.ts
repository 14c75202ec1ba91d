import type {
  CheckRow,
  JobDetail,
  ModelRow,
  Period,
  PeriodFigures,
  Present,
} from '../app/dashboard/dashboard.ts'
import type { JobChange } from '../app/jobs/job-record.ts'

/** What `GET /api/dashboard?period=` answers. */
export type Overview = {
  at: string
  version: string
  environment: string
  period: Period
  figures: PeriodFigures
  present: Present
}

/** What keeps the page from showing something, with what to do about it. */
export type Trouble = { title: string; fix: string; checks: CheckRow[] }

export type Outcome<Value> =
  | { kind: 'value'; value: Value }
  | { kind: 'signed-out'; detail: string }
  | { kind: 'trouble'; trouble: Trouble }

const DASHBOARD = '/api/dashboard'
const SESSION = '/api/dashboard/session'
/** The server gives a database up sooner. */
const TIMEOUT_MS = 20_000

export function fetchOverview(period: Period): Promise<Outcome<Overview>> {
  return ask(`${DASHBOARD}?period=${period}`)
}

export function fetchModels(): Promise<Outcome<{ models: ModelRow[] }>> {
  return ask(`${DASHBOARD}?models=`)
}

export function fetchJob(id: number): Promise<Outcome<JobDetail>> {
  return ask(`${DASHBOARD}?job=${id}`)
}

export function changeJob(
  job: number,
  action: 'retry' | 'discard',
): Promise<Outcome<{ change: JobChange }>> {
  return ask(DASHBOARD, { method: 'POST', body: JSON.stringify({ action, job }) })
}

export function signIn(token: string): Promise<Outcome<unknown>> {
  return ask(SESSION, { method: 'POST', body: JSON.stringify({ token }) })
}

export function signOut(): Promise<Outcome<unknown>> {
  return ask(SESSION, { method: 'DELETE' })
}

async function ask<Value>(path: string, init: RequestInit = {}): Promise<Outcome<Value>> {
  try {
    const response = await fetch(path, {
      ...init,
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body = await response.json()
    if (response.ok) return { kind: 'value', value: body }
    if (response.status === 401) return { kind: 'signed-out', detail: body.detail }
    return { kind: 'trouble', trouble: troubleOf(body) }
  } catch {
    // The page's edge: no answer, or one of something between us and the server.
    return { kind: 'trouble', trouble: NO_ANSWER }
  }
}

const NO_ANSWER: Trouble = {
  title: 'The server does not answer',
  fix: 'look whether it runs and whether /health answers, then try again',
  checks: [],
}

function troubleOf(problem: { title?: string; detail?: string; checks?: CheckRow[] }): Trouble {
  const { title = 'Something went wrong', detail = 'see the log', checks = [] } = problem
  return { title, fix: detail, checks }
}

import type { Finding } from '../check/finding.ts'
import type { JobChange, JobRecord, JobStep } from '../jobs/job-record.ts'
import type { SignInAttempts } from './sign-in-attempts.ts'

/** The spans of time that the dashboard can show, up to now. */
export const PERIODS = ['24h', '7d', '30d'] as const
export type Period = (typeof PERIODS)[number]

/** What the dashboard looks at and does. Its members throw 'database-unavailable'. */
export type Dashboard = {
  signInAttempts: SignInAttempts
  figures(period: Period): Promise<PeriodFigures>
  present(): Promise<Present>
  /** The models that lessons are given by; asks their servers at most once an hour. */
  models(): Promise<ModelRow[]>
  findJob(id: number): Promise<JobDetail | undefined>
  retryJob(id: number): Promise<JobChange>
  discardJob(id: number): Promise<JobChange>
}

/** What happened in a period. Seconds are null where nothing was measured. */
export type PeriodFigures = {
  /** One an hour for `24h`, else one a UTC day; oldest first, without gaps. */
  buckets: Bucket[]
  /** Lessons by how they ended, the most frequent first. */
  outcomes: { kind: string; outcome: string; count: number }[]
  /** From receipt to the verdict, and to the voice note. */
  answers: { until: string; p50: number | null; p95: number | null }[]
  stages: { stage: string; calls: number; p50: number | null; p95: number | null }[]
  errors: { stage: string; code: string; count: number }[]
  costs: { stage: string; model: string; microUsd: number }[]
  learners: LearnerFigures
}

export type Bucket = {
  /** Its beginning, ISO 8601. */
  at: string
  taught: number
  /** Requests that ended without a lesson: silence, a plan used up, a failure. */
  untaught: number
  errors: number
  p50: number | null
  p95: number | null
  microUsd: number
}

export type LearnerFigures = {
  newcomers: number
  /** Those whose last lesson was in the period. */
  active: number
  /** Weeks (UTC, from Monday), oldest first: who came in it, and how many of them had a lesson in the last 7 days. */
  weeks: { week: string; newcomers: number; retained: number }[]
}

/** The state of the product now. */
export type Present = {
  inbox: { waiting: number; parked: number; dead: number; poison: number; oldestDueSeconds: number }
  budget: { spentUsd: number; limitUsd: number | null }
  /** Jobs that wait for an operator or are tried again, the newest first. */
  jobs: JobRecord[]
  checks: CheckRow[]
}

/** A check of the doctor's that costs nothing and asks no neighbour but the database. */
export type CheckRow = { check: string; finding: Finding }

/** `lastError` has the words of the newest failure, where they quote nothing that was said. */
export type JobDetail = { job: JobRecord; steps: JobStep[]; lastError: string | null }

/** `daysLeft` is below 0 where the model was shut down, and null where no end is announced or its server lists no models. */
export type ModelRow = {
  stage: string
  model: string
  shutdownDate: string | null
  daysLeft: number | null
  successor: string | null
  /** What to say where the server could not be asked. */
  trouble: string | null
}

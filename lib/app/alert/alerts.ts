import type { AlertFinding } from '../../domain/alert/alert.ts'
import type { DatabaseHealth } from '../health.ts'

/** What a look may ask: our own database each minute, its neighbours more seldom. */
export type Look = 'database' | 'webhook' | 'models'

/** What the last quarter of an hour was like. */
export type RecentJobs = {
  /** Jobs that ended, and jobs that failed and will be retried. */
  total: number
  failedCount: number
  /** Lessons taught, and the time that 95 in 100 of them took at most, from receipt to end; null where there is none. */
  lessons: number
  p95Seconds: number | null
}

export type AlertFigures = {
  health: DatabaseHealth
  recent: RecentJobs
  /** Of the UTC day, in US dollars. */
  spentUsd: number
}

export type Alerts = {
  /** The looks that are due and that this instance is to take; none where another instance has taken them. */
  takeTurn(): Promise<Look[]>
  /** The figures that the look at the database judges. */
  figures(): Promise<AlertFigures>
  /** Stores, in one transaction, a job for each message that these findings call for and each target; returns the lanes of the jobs. */
  tell(findings: readonly AlertFinding[]): Promise<string[]>
}

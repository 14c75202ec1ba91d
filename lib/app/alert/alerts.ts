import type { AlertFinding } from '../../domain/alert/alert.ts'
import type { DatabaseHealth } from '../health.ts'

/** What a look may ask: our own database each minute, its neighbours more seldom. */
export type Look = 'database' | 'webhook' | 'models'

/** What the last quarter of an hour was like. */
export type RecentJobs = {
  /** Jobs that ended, and those that fail and are tried again. */
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
  /** Takes the turn of those looks that are due, of all instances one; none where another has them. */
  takeTurn(): Promise<Look[]>
  /** What the database knows of how we are. */
  figures(): Promise<AlertFigures>
  /** Tells what has to be told of these findings, by a job for each of the targets; their lanes, in one transaction. */
  tell(findings: readonly AlertFinding[]): Promise<string[]>
}

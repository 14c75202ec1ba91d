import type { MetricName } from '../../domain/metrics/metrics.ts'

/** What the database says of the product's work at one moment. */
export type Metrics = {
  read(): Promise<MetricsSnapshot>
}

export type MetricsSnapshot = {
  /** What was measured since the beginning: it never goes down, and every instance says the same. */
  sums: readonly MetricSum[]
  inbox: {
    jobs: { waiting: number; parked: number; dead: number; poison: number }
    /** How long the job has waited that is due for longest, and that a process could run now; 0 where there is none. */
    oldestDueSeconds: number
  }
  /** Learners with a lesson on one of their last 1, 7 and 30 days, today counted. */
  learners: { '1d': number; '7d': number; '30d': number }
}

/** The samples of one metric with the same labels, of a histogram those of one bucket. */
export type MetricSum = {
  name: MetricName
  labels: Readonly<Record<string, string>>
  /** The upper bound in seconds of the bucket, alone; Infinity of the last one, and of a counter. */
  le: number
  /** A counter's sum, or the number of durations in the bucket. */
  value: number
  sumMs: number
}

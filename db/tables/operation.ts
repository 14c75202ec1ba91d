import type { ColumnType, Generated } from 'kysely'
import type { GivenTimestamp, Id, Timestamp } from './columns.ts'

/** What a run or a charge has measured, until its hour is over: then a job of `tally` adds it to the tally. */
export type MeasurementTable = {
  id: Id
  at: GivenTimestamp
  samples: ColumnType<SampleRow[], string, never>
}

/**
 * One thing that was measured: `value` is what it adds to a counter, or 1 to a bucket of a histogram, whose sum of durations it
 * adds `sum_ms` to. A counter's has neither `le` nor `sum_ms`.
 */
export type SampleRow = {
  name: string
  labels: Record<string, string>
  le?: number
  value: number
  sum_ms?: number
}

/**
 * A sum of samples: of an hour, of a day (both in UTC), or of all time. The names and their labels are those of
 * lib/domain/metrics/metrics.ts. What is measured in the running hour is not in it yet, but in `measurement`.
 */
export type TallyTable = {
  grain: 'hour' | 'day' | 'all'
  /** Of 'all', -infinity, which drivers return as a number. */
  start: ColumnType<Date, Date | string, never>
  name: string
  labels: ColumnType<Record<string, string>, string, never>
  /**
   * The upper bound of a histogram's bucket in seconds, above those of the smaller buckets, which it does not count in; Infinity of its
   * last bucket, and of a counter.
   */
  le: number
  /** A counter's sum, or the number of durations in the bucket. */
  value: number
  /** The sum of the durations in the bucket, in milliseconds; 0 of a counter. */
  sum_ms: number
}

/** Of the dashboard: one row. */
export type SignInTable = {
  only_row: Generated<boolean>
  /** When tokens were tried lately, the newest last. */
  attempts: Generated<Date[]>
}

/** What the operator was told of a kind of trouble. */
export type AlertTable = {
  kind: string
  /** Of what was told last. */
  level: Generated<number>
  /** Null while there is no trouble of the kind. */
  since: Timestamp | null
  sent_at: Timestamp | null
  /** It was told, and its all-clear was not. */
  is_told: Generated<boolean>
}

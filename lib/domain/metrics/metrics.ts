/**
 * All metrics: counters, and histograms of durations. `/metrics` calls a counter `mluv_<name>_total` and a histogram
 * `mluv_<name>`; the tables `measurement` and `tally` use the name here. A new metric is a row here, and a line where it
 * happens (`run.measures`).
 */
export const METRICS = {
  lessons: {
    type: 'counter',
    labels: ['kind', 'outcome'],
    help: 'Lessons asked for, by voice or text, and what became of them: taught, failed, or why there was none.',
  },
  stage_seconds: {
    type: 'histogram',
    labels: ['stage'],
    help: 'Seconds that a stage of a job took, its retries counted; stages that failed are not.',
  },
  answer_seconds: {
    type: 'histogram',
    labels: ['to', 'kind'],
    help: 'Seconds from the receipt of a message to the verdict of its lesson, and to the voice note.',
  },
  provider_errors: {
    type: 'counter',
    labels: ['stage', 'code'],
    help: 'Calls of a provider that failed, those that were retried counted; of stage send, calls of Telegram.',
  },
  retries: {
    type: 'counter',
    labels: ['stage'],
    help: 'Calls of a provider made again; of stage job, whole jobs put off to be run again.',
  },
  duplicates_possible: {
    type: 'counter',
    labels: [],
    help: 'Messages sent again because the outcome of sending them was unknown.',
  },
  cost_micro_usd: {
    type: 'counter',
    labels: ['stage', 'model'],
    help: 'What paid calls have cost, in millionths of a US dollar, by list price.',
  },
  cache_hits: {
    type: 'counter',
    labels: ['kind'],
    help: 'Paid calls that were not made because their result was cached: speech of a sentence, or a translation.',
  },
  cache_misses: {
    type: 'counter',
    labels: ['kind'],
    help: 'Look-ups of the cache that found nothing: the provider was asked.',
  },
  cache_errors: {
    type: 'counter',
    labels: ['kind'],
    help: 'Look-ups of the cache that failed, were too slow, or found what could not be read: the provider was asked.',
  },
} as const satisfies Record<string, Metric>

export type Metric = {
  type: 'counter' | 'histogram'
  labels: readonly string[]
  help: string
}

export type MetricName = keyof typeof METRICS
type NameOfType<Type> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never
}[MetricName]
export type CounterName = NameOfType<'counter'>
export type HistogramName = NameOfType<'histogram'>
export type LabelsOf<Name extends MetricName> = {
  [Label in (typeof METRICS)[Name]['labels'][number]]: string
}

/**
 * Upper bounds in seconds of the buckets of all histograms; a last bucket without a bound follows. The alert on slow
 * answers reads the bound of 15 s. The tally holds counts by bound, so a new bound splits only what is measured after it.
 */
export const BUCKETS_SECONDS = [
  0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 15, 20, 30, 60, 300,
] as const

/** The bucket of a duration, by its upper bound in seconds. */
export function bucketOf(seconds: number): number {
  return BUCKETS_SECONDS.find((boundSeconds) => seconds <= boundSeconds) ?? Number.POSITIVE_INFINITY
}

import type { MetricSum, MetricsSnapshot } from '../../app/metrics/metrics.ts'
import {
  BUCKETS_SECONDS,
  METRICS,
  type Metric,
  type MetricName,
} from '../../domain/metrics/metrics.ts'
import type { Family, Series } from './openmetrics.ts'

/** The metrics of a snapshot by the names that they are scraped under, and of the build that answers. */
export function familiesOf(snapshot: MetricsSnapshot, version: string): Family[] {
  return [
    ...Object.keys(METRICS).map((name) => measuredFamily(name as MetricName, snapshot)),
    ...gaugesOf(snapshot),
    buildOf(version),
  ]
}

function measuredFamily(name: MetricName, { sums }: MetricsSnapshot): Family {
  const { type, help, labels }: Metric = METRICS[name]
  const groups = Map.groupBy(
    sums.filter((sum) => sum.name === name),
    // jsonb has an order of keys of its own.
    (sum) => JSON.stringify(labels.map((label) => [label, sum.labels[label] ?? ''])),
  )
  // What is counted without labels is 0 before it is counted first.
  if (labels.length === 0 && groups.size === 0) groups.set('[]', [])
  const seriesOf = type === 'counter' ? counterSeries : histogramSeries
  return {
    name: type === 'counter' ? `mluv_${name}_total` : `mluv_${name}`,
    type,
    help,
    series: [...groups].flatMap(([labels, group]) =>
      seriesOf(Object.fromEntries(JSON.parse(labels)), group),
    ),
  }
}

function counterSeries(labels: Series['labels'], sums: readonly MetricSum[]): Series[] {
  return [{ labels, value: sumOf(sums.map(({ value }) => value)) }]
}

/** Each bucket counts what is in the smaller ones, too. */
function histogramSeries(labels: Series['labels'], sums: readonly MetricSum[]): Series[] {
  const countUpTo = (boundSeconds: number) =>
    sumOf(sums.filter(({ le }) => le <= boundSeconds).map(({ value }) => value))
  const bounds = [...BUCKETS_SECONDS, Number.POSITIVE_INFINITY]
  return [
    ...bounds.map((boundSeconds) => ({
      suffix: '_bucket',
      labels: { ...labels, le: boundOf(boundSeconds) },
      value: countUpTo(boundSeconds),
    })),
    { suffix: '_sum', labels, value: sumOf(sums.map(({ sumMs }) => sumMs)) / 1000 },
    { suffix: '_count', labels, value: countUpTo(Number.POSITIVE_INFINITY) },
  ]
}

/** OpenMetrics writes a whole bound with its point. */
function boundOf(boundSeconds: number): string {
  if (boundSeconds === Number.POSITIVE_INFINITY) return '+Inf'
  return Number.isInteger(boundSeconds) ? boundSeconds.toFixed(1) : String(boundSeconds)
}

function gaugesOf({ inbox, learners }: MetricsSnapshot): Family[] {
  const seriesOf = (label: string, values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }))
  return [
    {
      name: 'mluv_inbox_jobs',
      type: 'gauge',
      help: 'Jobs that have not ended well: waiting, parked until a provider is put right, dead and poison.',
      series: seriesOf('state', inbox.jobs),
    },
    {
      name: 'mluv_inbox_oldest_due_seconds',
      type: 'gauge',
      help: 'How long the job has waited that is due for longest and could be run.',
      series: [{ labels: {}, value: inbox.oldestDueSeconds }],
    },
    {
      name: 'mluv_learners',
      type: 'gauge',
      help: 'Learners with a lesson on one of their last days, today counted.',
      series: seriesOf('window', learners),
    },
  ]
}

/** The version has its commit behind a plus, where that is known. */
function buildOf(build: string): Family {
  const [version = '', commit = ''] = build.split('+')
  return {
    name: 'mluv_build_info',
    type: 'gauge',
    help: 'The version that answers; always 1.',
    series: [{ labels: { version, commit }, value: 1 }],
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

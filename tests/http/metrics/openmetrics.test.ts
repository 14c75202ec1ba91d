import { expect, test } from 'vitest'
import type { MetricSum, MetricsSnapshot } from '../../../lib/app/metrics/metrics.ts'
import { BUCKETS_SECONDS } from '../../../lib/domain/metrics/metrics.ts'
import { familiesOf } from '../../../lib/http/metrics/families.ts'
import { openMetrics } from '../../../lib/http/metrics/openmetrics.ts'
import { readOpenMetrics } from '../../rigs/openmetrics-text.ts'

const NOTHING: MetricsSnapshot = {
  sums: [],
  inbox: { jobs: { waiting: 0, parked: 0, dead: 0, poison: 0 }, oldestDueSeconds: 0 },
  learners: { '1d': 0, '7d': 0, '30d': 0 },
}

function scrape(sums: MetricSum[], version = '0.1.0') {
  const text = openMetrics(familiesOf({ ...NOTHING, sums }, version))
  const samples = readOpenMetrics(text)
  return (name: string) => samples.filter((sample) => sample.name === name)
}

const durations = (le: number, value: number, sumMs: number): MetricSum => ({
  name: 'stage_seconds',
  labels: { stage: 'reply' },
  ...{ le, value, sumMs },
})

test('a bucket of a histogram counts what the smaller ones count, too, and the last one all', () => {
  const of = scrape([
    durations(0.5, 3, 900),
    durations(2, 1, 1800),
    durations(Infinity, 1, 400_000),
  ])
  const buckets = of('mluv_stage_seconds_bucket')
  expect(buckets).toHaveLength(BUCKETS_SECONDS.length + 1)
  const counts = Object.fromEntries(buckets.map(({ labels, value }) => [labels.le, value]))
  expect(counts).toMatchObject({
    0.25: 0,
    0.5: 3,
    '1.0': 3,
    1.5: 3,
    '2.0': 4,
    '300.0': 4,
    '+Inf': 5,
  })
  expect(of('mluv_stage_seconds_sum')).toMatchObject([{ labels: { stage: 'reply' }, value: 402.7 }])
  expect(of('mluv_stage_seconds_count')).toMatchObject([{ value: 5 }])
})

test('a bound that a later version no longer has counts in the next one that there is', () => {
  const of = scrape([durations(0.7, 2, 1300)])
  const counts = of('mluv_stage_seconds_bucket').map(({ labels, value }) => [labels.le, value])
  expect(Object.fromEntries(counts)).toMatchObject({ 0.5: 0, '1.0': 2 })
})

test('a label may hold any text', () => {
  const model = 'a "quoted" \\ model\nof two lines'
  const sum = {
    name: 'cost_micro_usd',
    labels: { stage: 'reply', model },
    le: Infinity,
    value: 1,
    sumMs: 0,
  } as const
  expect(scrape([sum])('mluv_cost_micro_usd_total')).toMatchObject([{ labels: { model } }])
})

test('a counter without labels is 0 before it counts, so that its first increase is one', () => {
  expect(scrape([])('mluv_duplicates_possible_total')).toEqual([
    { name: 'mluv_duplicates_possible_total', labels: {}, value: 0 },
  ])
})

test('the build is told by its version and its commit', () => {
  expect(scrape([], '0.1.0+abc1234')('mluv_build_info')).toMatchObject([
    { labels: { version: '0.1.0', commit: 'abc1234' }, value: 1 },
  ])
  expect(scrape([], '0.1.0')('mluv_build_info')).toMatchObject([{ labels: { commit: '' } }])
})

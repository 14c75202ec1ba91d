import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantilesOf } from '../../../lib/app/dashboard/quantiles.ts'

const INFINITY = Number.POSITIVE_INFINITY

test.each([
  ['nothing was measured', [], null, null],
  ['all are in one bucket, evenly', [{ le: 2, value: 10 }], 1, 1.9],
  [
    'half is in each of two',
    [
      { le: 1, value: 5 },
      { le: 3, value: 5 },
    ],
    1,
    2.8,
  ],
  [
    'the bounds come in no order',
    [
      { le: 3, value: 5 },
      { le: 1, value: 5 },
    ],
    1,
    2.8,
  ],
  [
    'some are beyond the last bound',
    [
      { le: 60, value: 1 },
      { le: INFINITY, value: 9 },
    ],
    60,
    60,
  ],
])('a quantile where %s', (_, counts, p50, p95) => {
  expect(quantilesOf(counts)).toEqual({ p50, p95 })
})

test('half of the durations are no longer than most of them, and both lie between the bounds', () => {
  const counts = fc.array(
    fc.record({
      le: fc.constantFrom(0.5, 1, 2, 15, INFINITY),
      value: fc.integer({ min: 0, max: 50 }),
    }),
  )
  fc.assert(
    fc.property(counts, (buckets) => {
      const { p50, p95 } = quantilesOf(buckets)
      if (p50 === null || p95 === null) return buckets.every(({ value }) => value === 0)
      return 0 <= p50 && p50 <= p95 && p95 <= 15
    }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mcnemarP } from '../../../scripts/eval/mcnemar.ts'
import { wilsonInterval } from '../../../scripts/eval/wilson.ts'

test.each([
  [0, 308, 0, 0.0123],
  [1, 308, 0.0006, 0.0182],
  [2, 308, 0.0018, 0.0234],
  [5, 10, 0.2366, 0.7634],
])('Wilson gives %i of %i the interval that tables have', (hits, all, low, high) => {
  const [from, to] = wilsonInterval(hits, all)
  expect(from).toBeCloseTo(low, 4)
  expect(to).toBeCloseTo(high, 4)
})

test("Wilson's interval holds the share, inside of 0 and 1", () => {
  const counts = fc
    .integer({ min: 1, max: 5_000 })
    .chain((all) => fc.tuple(fc.integer({ min: 0, max: all }), fc.constant(all)))
  fc.assert(
    fc.property(counts, ([hits, all]) => {
      const [low, high] = wilsonInterval(hits, all)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(low).toBeLessThanOrEqual(hits / all + 1e-12)
      expect(high).toBeGreaterThanOrEqual(hits / all - 1e-12)
    }),
  )
})

test('nothing counted has the whole range as its interval', () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1])
})

// 2 * sum of C(n, k) / 2^n, by hand.
test.each([
  [0, 0, 1],
  [5, 5, 1],
  [10, 2, 0.0386],
  [1, 9, 0.0215],
  [0, 6, 0.03125],
])('McNemar gives %i against %i its exact p', (oneWay, otherWay, p) => {
  expect(mcnemarP(oneWay, otherWay)).toBeCloseTo(p, 4)
})

test('McNemar does not depend on which way is which, and stays a probability for thousands', () => {
  fc.assert(
    fc.property(fc.nat(3_000), fc.nat(3_000), (a, b) => {
      const p = mcnemarP(a, b)
      expect(p).toBeCloseTo(mcnemarP(b, a), 9)
      expect(p).toBeGreaterThanOrEqual(0)
      expect(p).toBeLessThanOrEqual(1)
    }),
    { numRuns: 50 },
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isThrifty, type Thrift, thriftAt } from '../../../lib/domain/lesson/thrift.ts'

const THRIFTS: readonly Thrift[] = ['none', 'brief', 'written']

test.each([
  [0, 'none'],
  [0.7999, 'none'],
  [0.8, 'brief'],
  [0.9499, 'brief'],
  [0.95, 'written'],
  [1.2, 'written'],
] as const)('at a share of %d of its budget a day is of thrift "%s"', (share, thrift) => {
  expect(thriftAt(share)).toBe(thrift)
  expect(isThrifty(thrift)).toBe(share >= 0.8)
})

test('a day on which more is spent saves no less', () => {
  const share = fc.double({ min: 0, max: 2, noNaN: true })
  fc.assert(
    fc.property(share, share, (a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)].map(thriftAt)
      expect(THRIFTS.indexOf(more ?? 'none')).toBeGreaterThanOrEqual(
        THRIFTS.indexOf(less ?? 'none'),
      )
    }),
  )
})

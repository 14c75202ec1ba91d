import { expect, test } from 'vitest'
import { judgeBudget } from '../../../lib/app/check/work.ts'

test('the budget of a busy day is said with its thousands apart', () => {
  expect(judgeBudget(4_120.5, 10_000, 1_000).found).toBe(
    '$4,120.50 spent today (UTC), $5,879.50 of $10,000.00 left; each learner has $1,000.00 a day',
  )
})

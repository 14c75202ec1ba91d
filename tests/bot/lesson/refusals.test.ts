import { describe, expect, it } from 'vitest'
import { waitOf } from '../../../lib/bot/lesson/refusals.ts'

describe('a wait', () => {
  it.each([
    [1, { unit: 'minutes', amount: 1 }],
    [61, { unit: 'minutes', amount: 2 }],
    [59 * 60, { unit: 'minutes', amount: 59 }],
    [59 * 60 + 1, { unit: 'hours', amount: 1 }],
    [90 * 60, { unit: 'hours', amount: 2 }],
    [25 * 3600, { unit: 'hours', amount: 25 }],
  ])('a wait of %i s is told as %o', (seconds, wait) => {
    expect(waitOf(seconds)).toEqual(wait)
  })
})

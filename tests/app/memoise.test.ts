import { expect, test } from 'vitest'
import { memoise } from '../../lib/app/memoise.ts'

test('a memoised value is made once, also for callers that come while it is being made', async () => {
  let count = 0
  const value = memoise(async () => {
    count += 1
    return count
  })
  expect(await Promise.all([value(), value()])).toEqual([1, 1])
  expect(await value()).toBe(1)
})

test('a memoised value whose making failed is made again by the next call', async () => {
  const failure = new Error('not yet')
  let calls = 0
  const value = memoise(async () => {
    calls += 1
    if (calls === 1) throw failure
    return calls
  })
  await expect(value()).rejects.toBe(failure)
  expect(await value()).toBe(2)
})

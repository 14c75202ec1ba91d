import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cacheKeyShards, REQUESTS_A_MINUTE } from '../../../lib/adapters/openai/cache-key-shards.ts'

/** The keys that requests of one key get, and when, in seconds. */
function keysAt(seconds: readonly number[]) {
  let at = 0
  const shardOf = cacheKeyShards(() => new Date(at))
  return seconds.map((second) => {
    at = second * 1_000
    return { second, key: shardOf('lesson-honzik') }
  })
}

test('no cache key gets more than fifteen requests within a minute', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 })
  fc.assert(
    fc.property(gaps, (seconds) => {
      let now = 0
      const requests = keysAt(seconds.map((gap) => (now += gap)))
      for (const { second, key } of requests) {
        const sameMinute = requests.filter(
          (otherRequest) =>
            otherRequest.key === key &&
            otherRequest.second <= second &&
            otherRequest.second > second - 60,
        )
        expect(sameMinute.length).toBeLessThanOrEqual(REQUESTS_A_MINUTE)
      }
    }),
  )
})

test('up to fifteen requests a minute share one cache key, and a further one has the next', () => {
  const keys = keysAt([...Array(16).keys()]).map(({ key }) => key)
  expect(new Set(keys.slice(0, 15))).toEqual(new Set(['lesson-honzik']))
  expect(keys[15]).toBe('lesson-honzik-2')
})

test('once a busy minute is over, requests come back to the first cache key', () => {
  const keys = keysAt([...Array(40).keys(), 200]).map(({ key }) => key)
  expect(new Set(keys).size).toBe(3)
  expect(keys.at(-1)).toBe('lesson-honzik')
})

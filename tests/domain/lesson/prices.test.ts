import fc from 'fast-check'
import { expect, test } from 'vitest'
import { costMicroUsd, LESSON_ESTIMATE_MICRO_USD } from '../../../lib/domain/lesson/prices.ts'

test.each([
  ['a minute heard', 'gpt-transcribe', { audioSeconds: 60 }, 4_500],
  ['a reply', 'gpt-6-luna', { inputTokens: 1_500, outputTokens: 200 }, 250],
  [
    'a cached reply',
    'gpt-6-luna',
    { inputTokens: 1_500, cachedTokens: 1_000, outputTokens: 200 },
    160,
  ],
  ['a cache write', 'gpt-6-luna', { inputTokens: 1_000, cacheWriteTokens: 800 }, 120],
  ['speech by its seconds', 'gpt-4o-mini-tts', { audioSeconds: 10 }, 2_500],
  ['speech by its tokens', 'gpt-4o-mini-tts', { audioSeconds: 10, audioOutputTokens: 100 }, 1_200],
  ['a dated model', 'gpt-4o-mini-tts-2025-12-15', { audioSeconds: 10 }, 2_500],
  ['characters', 'tts-1', { characters: 100 }, 1_500],
  ['a fraction', 'gpt-6-luna', { inputTokens: 1 }, 1],
  ['thirty tenths', 'gpt-6-luna', { inputTokens: 30 }, 3],
  ['a model without a known price', 'llama-czech', { inputTokens: 1_000 }, 0],
  ['nothing', 'gpt-6-luna', {}, 0],
])('%s costs its list price, rounded up', (_, model, usage, cost) => {
  expect(costMicroUsd(model, usage)).toBe(cost)
})

test('a cost is a whole number and does not fall with more tokens', () => {
  const tokens = fc.nat({ max: 1_000_000 })
  fc.assert(
    fc.property(tokens, tokens, tokens, (inputTokens, outputTokens, more) => {
      const cost = costMicroUsd('gpt-6-luna', { inputTokens, outputTokens })
      const costOfMore = costMicroUsd('gpt-6-luna', {
        inputTokens,
        outputTokens: outputTokens + more,
      })
      expect(Number.isSafeInteger(cost)).toBe(true)
      expect(costOfMore).toBeGreaterThanOrEqual(cost)
    }),
  )
})

test('the estimate covers the dearest usual lesson: a minute heard, a minute spoken, a long reply', () => {
  const lesson =
    costMicroUsd('gpt-transcribe', { audioSeconds: 60 }) +
    costMicroUsd('gpt-6-luna', { inputTokens: 6_000, outputTokens: 1_500 }) +
    costMicroUsd('gpt-realtime-2.1-mini', { audioSeconds: 60 })
  expect(LESSON_ESTIMATE_MICRO_USD).toBeGreaterThanOrEqual(lesson)
})

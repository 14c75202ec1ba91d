import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MIN_DAILY_BUDGET_USD } from '../../../lib/config/variables.ts'
import {
  costMicroUsd,
  isPriced,
  LESSON_ESTIMATE_MICRO_USD,
} from '../../../lib/domain/lesson/prices.ts'

test.each([
  ['a minute heard', 'gpt-transcribe', { audioInSeconds: 60 }, 4_500],
  ['a reply', 'gpt-6-luna', { inputTokens: 1_500, outputTokens: 200 }, 250],
  [
    'a cached reply',
    'gpt-6-luna',
    { inputTokens: 1_500, cachedTokens: 1_000, outputTokens: 200 },
    160,
  ],
  ['a cache write', 'gpt-6-luna', { inputTokens: 1_000, cacheWriteTokens: 800 }, 120],
  ['speech by its seconds', 'gpt-4o-mini-tts', { audioOutSeconds: 10 }, 2_500],
  [
    'speech by its tokens',
    'gpt-4o-mini-tts',
    { audioOutSeconds: 10, audioOutputTokens: 100 },
    1_200,
  ],
  ['a dated model', 'gpt-4o-mini-tts-2025-12-15', { audioOutSeconds: 10 }, 2_500],
  ['characters', 'tts-1', { characters: 100 }, 1_500],
  ['a fraction', 'gpt-6-luna', { inputTokens: 1 }, 1],
  ['thirty tenths', 'gpt-6-luna', { inputTokens: 30 }, 3],
  ['a model of OpenRouter', 'openai/gpt-6-luna', { inputTokens: 1_500, outputTokens: 200 }, 250],
  ['a variant of it', 'openai/gpt-6-luna:nitro', { inputTokens: 30 }, 3],
  ['a name in capitals', 'OpenAI/GPT-6-Luna', { inputTokens: 30 }, 3],
  [
    'speech by its tokens and those of text',
    'gpt-realtime-2.1-mini',
    { outputTokens: 110, audioOutputTokens: 100 },
    2_024,
  ],
  ['nothing', 'gpt-6-luna', {}, 0],
])('%s costs its list price, rounded up', (_, model, usage, cost) => {
  expect(costMicroUsd(model, usage)).toBe(cost)
})

test.each(['llama-czech', 'my-deployment', '__proto__', 'toString', ''])(
  'the cost of a model without a known price, "%s", is not known, and is not 0',
  (model) => {
    expect(costMicroUsd(model, { inputTokens: 1_000 })).toBe(null)
    expect(isPriced(model)).toBe(false)
  },
)

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
      expect(costOfMore).toBeGreaterThanOrEqual(cost ?? Number.NaN)
    }),
  )
})

test('the estimate covers the dearest usual lesson: a minute heard, a minute spoken, a long reply', () => {
  const costs = [
    costMicroUsd('gpt-transcribe', { audioInSeconds: 60 }),
    costMicroUsd('gpt-6-luna', { inputTokens: 6_000, outputTokens: 1_500 }),
    costMicroUsd('gpt-realtime-2.1-mini', { audioOutSeconds: 60 }),
  ]
  const lesson = costs.reduce<number>((sum, cost) => sum + (cost ?? Number.NaN), 0)
  expect(LESSON_ESTIMATE_MICRO_USD).toBeGreaterThanOrEqual(lesson)
})

test('the smallest budget that the configuration takes is one lesson’s estimate', () => {
  expect(MIN_DAILY_BUDGET_USD * 1_000_000).toBe(LESSON_ESTIMATE_MICRO_USD)
})

test('an operator’s own price goes before the list, for the whole name or the short one', () => {
  const ownPrices = { 'our/tutor': { input: 2 }, 'gpt-6-luna': { input: 1 } }
  expect(costMicroUsd('Our/Tutor', { inputTokens: 10 }, ownPrices)).toBe(20)
  expect(costMicroUsd('openai/gpt-6-luna', { inputTokens: 10 }, ownPrices)).toBe(10)
  expect(costMicroUsd('gpt-transcribe', { audioInSeconds: 1 }, ownPrices)).toBe(75)
  expect(isPriced('our/tutor', ownPrices)).toBe(true)
})

/** What one call used. `inputTokens` counts the cached and the cache-written ones too, as OpenAI's usage does. */
type CallUsage = {
  inputTokens?: number
  cachedTokens?: number
  cacheWriteTokens?: number
  outputTokens?: number
  /** Of the audio that was transcribed or spoken. */
  audioSeconds?: number
  audioOutputTokens?: number
  characters?: number
}

/**
 * US dollars for a million tokens or characters, which are millionths of a dollar for one; and
 * millionths of a dollar for a second of audio, used where the audio's tokens are not known.
 */
type Price = {
  input?: number
  cachedInput?: number
  cacheWrite?: number
  output?: number
  audioOutput?: number
  character?: number
  audioSecond?: number
}

/** OpenAI's list prices, read in November 2026 on developers.openai.com/api/docs/models/<model>. */
const PRICES: Readonly<Record<string, Price>> = {
  // $0.0045, 0.006, 0.003, 0.006 a minute.
  'gpt-transcribe': { audioSecond: 75 },
  'gpt-4o-transcribe': { audioSecond: 100 },
  'gpt-4o-mini-transcribe': { audioSecond: 50 },
  'whisper-1': { audioSecond: 100 },

  'gpt-6-luna': { input: 0.1, cachedInput: 0.01, cacheWrite: 0.125, output: 0.5 },
  'gpt-5.6-luna': { input: 1, output: 6 },
  'gpt-5.6-terra': { input: 2.5, output: 15 },
  'gpt-5.6-sol': { input: 5, output: 30 },

  // Seconds: about $0.015, 0.024 and 0.077 a minute, inferred from 1,200 audio tokens a minute.
  'gpt-4o-mini-tts': { input: 0.6, audioOutput: 12, audioSecond: 250 },
  'gpt-realtime-2.1-mini': { input: 0.6, output: 2.4, audioOutput: 20, audioSecond: 400 },
  'gpt-audio-1.5': { audioOutput: 64, audioSecond: 1_283 },
  'tts-1': { character: 15 },
  'tts-1-hd': { character: 30 },
}

/**
 * What to hold back of a budget before a lesson whose cost is not known yet, in millionths of a US
 * dollar: a minute heard (4,500), a minute spoken (24,000), 6,000 tokens read and 1,500 written
 * (1,350), rounded up.
 */
export const LESSON_ESTIMATE_MICRO_USD = 30_000

/** The list price of one call in millionths of a US dollar, rounded up; 0 for a model without a known price. */
export function costMicroUsd(model: string, usage: CallUsage): number {
  const price = PRICES[model] ?? PRICES[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')]
  if (price === undefined) return 0

  const { inputTokens = 0, cachedTokens = 0, cacheWriteTokens = 0, outputTokens = 0 } = usage
  const { input = 0, cachedInput = input, cacheWrite = input, output = 0 } = price
  const { audioSeconds = 0, audioOutputTokens, characters = 0 } = usage
  const freshTokens = Math.max(0, inputTokens - cachedTokens - cacheWriteTokens)
  const audio =
    audioOutputTokens === undefined || price.audioOutput === undefined
      ? audioSeconds * (price.audioSecond ?? 0)
      : audioOutputTokens * price.audioOutput

  const total =
    freshTokens * input +
    cachedTokens * cachedInput +
    cacheWriteTokens * cacheWrite +
    outputTokens * output +
    characters * (price.character ?? 0) +
    audio
  // 0.1 is no binary fraction: without this, 3.0000000000000004 would become 4.
  return Math.ceil(Number(total.toFixed(6)))
}

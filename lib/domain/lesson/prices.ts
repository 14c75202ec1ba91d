import type { Thrift } from './thrift.ts'

/**
 * What one call has used. `inputTokens` counts the cached and the cache-written ones too, and `outputTokens` those of
 * audio, as OpenAI's usage does.
 */
export type Amounts = {
  inputTokens?: number
  cachedTokens?: number
  cacheWriteTokens?: number
  outputTokens?: number
  audioOutputTokens?: number
  /** Of the audio that was transcribed. */
  audioInSeconds?: number
  /** Of the audio that was spoken. */
  audioOutSeconds?: number
  characters?: number
}

/**
 * US dollars for a million tokens or characters, which are millionths of a dollar for one; and
 * millionths of a dollar for a second of audio, used where the audio's tokens are not known.
 */
export type Price = {
  input?: number
  cachedInput?: number
  cacheWrite?: number
  output?: number
  audioOutput?: number
  character?: number
  audioSecond?: number
}

/** Prices by the lower-case name of a model. */
export type Prices = Readonly<Record<string, Price>>

/** The day on which the list below was read. */
export const PRICES_READ_ON = '2026-11-23'

/** OpenAI's list prices, read in November 2026 on developers.openai.com/api/docs/models/<model>. */
const PRICES: Prices = {
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
/** The same by the lesson's thrift: of a short reply a quarter of a minute is spoken (6,000), of a written one nothing. */
export const LESSON_ESTIMATES_MICRO_USD: Readonly<Record<Thrift, number>> = {
  none: LESSON_ESTIMATE_MICRO_USD,
  brief: 12_000,
  written: 6_000,
}

/** The same for a minute spoken. */
export const SPEECH_ESTIMATE_MICRO_USD = 24_000
/** The same for a short text: 1,500 tokens read and 500 written (400), tried twice, rounded up. */
export const TEXT_ESTIMATE_MICRO_USD = 1_000
/** The same for finding facts in lessons: 7,000 tokens read and 500 written (950), tried twice, rounded up. */
export const FACTS_ESTIMATE_MICRO_USD = 2_000

/**
 * The price of one call in millionths of a US dollar, rounded up; null for a model without a known one. An operator's own
 * prices go before those of the list.
 */
export function costMicroUsd(
  model: string,
  amounts: Amounts,
  ownPrices: Prices = {},
): number | null {
  const price = priceOf(model, ownPrices)
  if (price === undefined) return null

  const { inputTokens = 0, cachedTokens = 0, cacheWriteTokens = 0, outputTokens = 0 } = amounts
  const { input = 0, cachedInput = input, cacheWrite = input, output = 0 } = price
  const { audioInSeconds = 0, audioOutSeconds = 0, audioOutputTokens, characters = 0 } = amounts
  const freshTokens = Math.max(0, inputTokens - cachedTokens - cacheWriteTokens)
  const areAudioTokensKnown = audioOutputTokens !== undefined && price.audioOutput !== undefined
  const audioTokens = areAudioTokensKnown ? audioOutputTokens : 0
  const unpricedSeconds = areAudioTokensKnown ? 0 : audioInSeconds + audioOutSeconds

  const total =
    freshTokens * input +
    cachedTokens * cachedInput +
    cacheWriteTokens * cacheWrite +
    Math.max(0, outputTokens - audioTokens) * output +
    audioTokens * (price.audioOutput ?? 0) +
    characters * (price.character ?? 0) +
    unpricedSeconds * (price.audioSecond ?? 0)
  // 0.1 is no binary fraction: without this, 3.0000000000000004 would become 4.
  return Math.ceil(Number(total.toFixed(6)))
}

/** Tells whether a model's price is known. */
export function isPriced(model: string, ownPrices: Prices = {}): boolean {
  return priceOf(model, ownPrices) !== undefined
}

/** Gateways name models `<vendor>/<model>`, some with a variant behind a colon; a date is a snapshot at the same price. */
function priceOf(model: string, ownPrices: Prices): Price | undefined {
  const prices = { ...PRICES, ...ownPrices }
  const name = model.toLowerCase()
  const shortName = name.replace(/^.*\//, '').replace(/:\w+$/, '')
  return (
    findPrice(prices, name) ??
    findPrice(prices, shortName) ??
    findPrice(prices, shortName.replace(/-\d{4}-\d{2}-\d{2}$/, ''))
  )
}

function findPrice(prices: Prices, name: string): Price | undefined {
  return Object.hasOwn(prices, name) ? prices[name] : undefined
}

/** Characters of Czech for a token, as an estimate has it: more tokens rather than fewer. */
const CHARACTERS_A_TOKEN = 3
/** Characters of Czech that a second of speech has at normal speed. */
const CHARACTERS_A_SECOND = 14

/** Tokens that a text may have, where its vendor does not say. */
export function estimatedTokens(text: { length: number }): number {
  return Math.ceil(text.length / CHARACTERS_A_TOKEN)
}

/** Seconds that a text may take to be spoken. */
export function estimatedSeconds(text: string, speedFactor: number): number {
  return text.length / CHARACTERS_A_SECOND / speedFactor
}

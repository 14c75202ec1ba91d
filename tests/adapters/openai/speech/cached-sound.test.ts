import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { speakerFor } from '../../../../lib/adapters/openai/speech/speaker.ts'
import { sealedCache } from '../../../../lib/app/sealed-cache.ts'
import { type OpenaiStandIn, startOpenai } from '../../../../scripts/studio/openai/stand-in.ts'
import { memoryStore } from '../../../support/memory-store.ts'
import { paidWork } from '../../../support/paid-work.ts'
import { speechWorld } from './speech-world.ts'

const REALTIME = 'gpt-realtime-2.1-mini'
const HELLO = 'Ahoj, jak se máš?'
const PRICE = 'Kolik to stojí?'
const HONZIK = { character: 'honzik', speedFactor: 1 } as const

let openai: OpenaiStandIn
beforeAll(async () => {
  openai = await startOpenai()
})
afterAll(() => openai.stop())
beforeEach(() => {
  openai.recover()
  openai.requests.length = 0
})

function open(model = REALTIME) {
  const { options } = speechWorld(openai.url, model)
  return {
    ...options,
    cache: sealedCache(memoryStore(), { log: options.log, monotonicMs: () => 0 }),
  }
}

test.each([REALTIME, 'tts-1'])(
  'sentences that %s spoke before sound the same, at no cost',
  async (model) => {
    const options = open(model)
    const firstSpeech = await speakerFor(options).speak([HELLO, PRICE], HONZIK, paidWork())
    expect(openai.count('speak')).toBe(2)
    const work = paidWork()
    const speech = await speakerFor(options).speak([HELLO, PRICE], HONZIK, work)
    expect(openai.count('speak')).toBe(2)
    expect(work.charges).toEqual([])
    expect(speech.durationSeconds).toBe(firstSpeech.durationSeconds)
    expect(speech.ogg).toHaveLength(firstSpeech.ogg.length)
  },
)

test('a reply of which two sentences were spoken before costs the third', async () => {
  const options = open()
  const hello = await speakerFor(options).speak([HELLO], HONZIK, paidWork())
  const price = await speakerFor(options).speak([PRICE], HONZIK, paidWork())
  const work = paidWork()
  const sentences = [HELLO, 'A máte rohlíky?', PRICE]
  const speech = await speakerFor(options).speak(sentences, HONZIK, work)
  expect(openai.requests.map(({ fields }) => fields.input)).toEqual([HELLO, PRICE, sentences[1]])
  expect(work.charges).toHaveLength(1)
  expect(speech.durationSeconds).toBeGreaterThan(hello.durationSeconds + price.durationSeconds)
})

test('a sentence at another speed, in another voice, by another model or vendor is spoken anew, and so is another sentence', async () => {
  const options = open()
  const endpoint = {
    ...options.endpoint,
    baseUrl: openai.url.replace('127.0.0.1', 'localhost'),
  }
  const speakings: [
    typeof options,
    string,
    { character: 'honzik' | 'novakova'; speedFactor: number },
  ][] = [
    [options, HELLO, HONZIK],
    [options, HELLO, { ...HONZIK, speedFactor: 0.8 }],
    [options, HELLO, { ...HONZIK, character: 'novakova' }],
    [options, 'Ahoj, jak se máte?', HONZIK],
    [{ ...options, model: `${REALTIME}-2` }, HELLO, HONZIK],
    [{ ...options, endpoint }, HELLO, HONZIK],
  ]
  for (const [at, [speakerOptions, text, voice]] of speakings.entries()) {
    await speakerFor(speakerOptions).speak([text], voice, paidWork())
    expect(openai.count('speak')).toBe(at + 1)
  }
})

test('speech that fails is not cached', async () => {
  const options = open()
  openai.failAll('speak', { kind: 'empty-audio' })
  await expect(speakerFor(options).speak([HELLO], HONZIK, paidWork())).rejects.toThrow()
  openai.recover()
  openai.requests.length = 0
  await speakerFor(options).speak([HELLO], HONZIK, paidWork())
  expect(openai.count('speak')).toBe(1)
})

test('a reading that changed words is heard once and not cached', async () => {
  const options = open()
  openai.failNext('speak', { kind: 'reworded', as: 'Ahoj, jak se máte?' }, 2)
  await speakerFor(options).speak([HELLO], HONZIK, paidWork())
  expect(openai.count('speak')).toBe(2)
  await speakerFor(options).speak([HELLO], HONZIK, paidWork())
  expect(openai.count('speak')).toBe(3)
})

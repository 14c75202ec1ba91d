import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { inspectAudio } from '../../../../lib/adapters/audio/file.ts'
import { speakerFor } from '../../../../lib/adapters/openai/speech/speaker.ts'
import { type OpenaiStandIn, startOpenai } from '../../../../scripts/studio/openai/stand-in.ts'
import { paidWork } from '../../../support/paid-work.ts'
import { type Script, scriptedProvider } from '../../../support/scripted-provider.ts'
import { speechWorld } from './speech-world.ts'

const TEXT = 'Ahoj, jak se máš?'
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

test('a text comes back as a voice note of Ogg/Opus, with its length and cost', async () => {
  const { options } = speechWorld(openai.url, 'gpt-4o-mini-tts')
  const work = paidWork()
  const speech = await speakerFor(options).speak([TEXT], HONZIK, work)
  expect(await inspectAudio(speech.ogg)).toMatchObject({ format: 'ogg', codec: 'opus' })
  expect(speech.durationSeconds).toBeGreaterThan(0.8)
  expect(work.charges).toEqual([
    {
      stage: 'speak',
      vendor: new URL(openai.url).host,
      model: 'gpt-4o-mini-tts',
      audioOutSeconds: speech.durationSeconds,
      characters: TEXT.length,
      costMicroUsd: Math.ceil(speech.durationSeconds * 250),
      isEstimate: false,
    },
  ])
  expect(openai.requests[0]?.fields).toMatchObject({
    model: 'gpt-4o-mini-tts',
    voice: 'cedar',
    input: TEXT,
    response_format: 'opus',
  })
})

test('slower speech in the other voice takes longer', async () => {
  const { options } = speechWorld(openai.url, 'tts-1')
  const speaker = speakerFor(options)
  const slowVoice = { character: 'novakova', speedFactor: 0.6 } as const
  const normal = await speaker.speak([TEXT], { ...slowVoice, speedFactor: 1 }, paidWork())
  const slowSpeech = await speaker.speak([TEXT], slowVoice, paidWork())
  expect(slowSpeech.durationSeconds).toBeGreaterThan(normal.durationSeconds * 1.3)
  expect(openai.requests.map(({ fields }) => [fields.voice, fields.speed])).toEqual([
    ['marin', undefined],
    ['marin', 0.6],
  ])
  expect(speaker.fingerprint(slowVoice)).not.toBe(speaker.fingerprint(HONZIK))
})

test.each(['wav', 'pcm', 'mp3'] as const)(
  'a vendor that sends %s all the same is encoded',
  async (format) => {
    openai.failNext('speak', { kind: 'wrong-format', format })
    const { options } = speechWorld(openai.url, 'vendor-voice')
    const speech = await speakerFor(options).speak([TEXT], HONZIK, paidWork())
    const file = await inspectAudio(speech.ogg)
    expect(file).toMatchObject({ format: 'ogg', codec: 'opus' })
    expect(file?.durationSeconds).toBeCloseTo(speech.durationSeconds, 2)
    expect(speech.durationSeconds).toBeGreaterThan(0.8)
  },
)

test('the error of a vendor that sends AAC names the format, and the text is not paid for again', async () => {
  openai.failAll('speak', { kind: 'wrong-format', format: 'aac' })
  const { options } = speechWorld(openai.url, 'vendor-voice')
  await expect(speakerFor(options).speak([TEXT], HONZIK, paidWork())).rejects.toMatchObject({
    code: 'provider-failed',
    message: expect.stringContaining('aac'),
  })
  expect(openai.count('speak')).toBe(1)
})

test.each([{ kind: 'reset' }, { kind: 'empty-audio' }, { kind: 'server-error' }] as const)(
  'a text whose speech fails by $kind is asked for again',
  async (fault) => {
    openai.failNext('speak', fault)
    const { options, waits } = speechWorld(openai.url, 'gpt-4o-mini-tts')
    const speech = await speakerFor(options).speak([TEXT], HONZIK, paidWork())
    expect(speech.durationSeconds).toBeGreaterThan(0.8)
    expect(openai.count('speak')).toBe(2)
    expect(waits).toEqual([500])
  },
)

test('empty audio to the end is a failure of the provider', async () => {
  openai.failAll('speak', { kind: 'empty-audio' })
  const { options } = speechWorld(openai.url, 'gpt-4o-mini-tts')
  await expect(speakerFor(options).speak([TEXT], HONZIK, paidWork())).rejects.toMatchObject({
    code: 'provider-failed',
  })
  expect(openai.count('speak')).toBe(4)
})

test.each([
  ['half a sample', 1, 'provider-failed', 4],
  ['more sound than any reply takes', 48_000 * 181, 'provider-rejected', 1],
])('%s is no speech', async (_, bytes, code, calls) => {
  const pcm: Script = (response) =>
    response.writeHead(200, { 'content-type': 'audio/pcm' }).end(Buffer.alloc(bytes))
  await using provider = await scriptedProvider(...Array<Script>(4).fill(pcm))
  const { options } = speechWorld(provider.endpoint.baseUrl, 'vendor-voice')
  await expect(speakerFor(options).speak([TEXT], HONZIK, paidWork())).rejects.toMatchObject({
    code,
  })
  expect(provider.received).toHaveLength(calls)
})

test('a wait that the provider asks for is kept', async () => {
  openai.failNext('speak', { kind: 'rate-limited', retryAfterSeconds: 3 })
  const { options, waits } = speechWorld(openai.url, 'gpt-4o-mini-tts')
  await speakerFor(options).speak([TEXT], HONZIK, paidWork())
  expect(waits).toEqual([3_000])
})

test('an exhausted quota is not asked again', async () => {
  openai.failAll('speak', { kind: 'quota-exhausted' })
  const { options } = speechWorld(openai.url, 'gpt-4o-mini-tts')
  await expect(speakerFor(options).speak([TEXT], HONZIK, paidWork())).rejects.toMatchObject({
    code: 'provider-quota-exhausted',
  })
  expect(openai.count('speak')).toBe(1)
})

test('an abort ends a call that hangs', async () => {
  openai.failNext('speak', { kind: 'hang' })
  const abort = new AbortController()
  const { options } = speechWorld(openai.url, 'gpt-4o-mini-tts')
  const speech = speakerFor(options).speak([TEXT], HONZIK, paidWork(abort.signal))
  const reason = new Error('the job has lost its lease')
  await vi.waitFor(() => expect(openai.count('speak')).toBe(1))
  abort.abort(reason)
  await expect(speech).rejects.toBe(reason)
})

test.each(['opus', 'wav', 'pcm'] as const)(
  'sentences spoken one by one are one stream, where they come as %s',
  async (format) => {
    if (format !== 'opus') openai.failAll('speak', { kind: 'wrong-format', format })
    const { options } = speechWorld(openai.url, 'gpt-4o-mini-tts')
    const sentences = ['Ahoj, jak se máš? ', 'Já dobře, děkuji.']
    const speech = await speakerFor(options).speak(sentences, HONZIK, paidWork())
    expect(openai.requests.map(({ fields }) => fields.input).toSorted()).toEqual(
      sentences.map((sentence) => sentence.trim()).toSorted(),
    )
    const file = await inspectAudio(speech.ogg)
    expect(file).toMatchObject({ format: 'ogg', codec: 'opus' })
    expect(file?.durationSeconds).toBeCloseTo(speech.durationSeconds, 2)
    expect(speech.durationSeconds).toBeGreaterThan(1.6)
  },
)

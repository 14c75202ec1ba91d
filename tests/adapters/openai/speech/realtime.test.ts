import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { inspectAudio } from '../../../../lib/adapters/audio/file.ts'
import { speakerFor } from '../../../../lib/adapters/openai/speech/speaker.ts'
import { AppError } from '../../../../lib/app/error.ts'
import { type OpenaiStandIn, startOpenai } from '../../../../scripts/studio/openai/stand-in.ts'
import { costOf, paidWork, WAKING_RUN } from '../../../support/paid-work.ts'
import { speechWorld } from './speech-world.ts'

const MODEL = 'gpt-realtime-2.1-mini'
const TEXT = 'Kolik to stojí? Je to za 15 korun.'
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

function open(url = openai.url) {
  const world = speechWorld(url, MODEL)
  return { ...world, speaker: speakerFor(world.options) }
}

test('a text is read out as a voice note, and its tokens are paid for', async () => {
  const { speaker, logEntries } = open()
  const work = paidWork()
  const speech = await speaker.speak([TEXT], { character: 'novakova', speedFactor: 0.8 }, work)
  expect(await inspectAudio(speech.ogg)).toMatchObject({ format: 'ogg', codec: 'opus' })
  expect(speech.durationSeconds).toBeGreaterThan(1.5)
  const [charge, ...otherCharges] = work.charges
  expect(otherCharges).toEqual([])
  expect(charge).toMatchObject({ stage: 'speak', model: MODEL, isEstimate: false })
  expect(charge?.outputTokens).toBeGreaterThan(speech.durationSeconds * 20)
  expect(charge?.costMicroUsd).toBeGreaterThan(speech.durationSeconds * 400)
  expect(openai.requests).toHaveLength(1)
  expect(openai.requests[0]).toMatchObject({
    stage: 'speak',
    path: '/realtime',
    fields: { model: MODEL, voice: 'marin', speed: 0.8, input: TEXT },
  })
  expect(openai.requests[0]?.headers).not.toHaveProperty('openai-beta')
  expect(logEntries).toEqual([])
})

test('a process that has slept through its lease while the socket opened asks for no speech', async () => {
  const { speaker } = open()
  const work = paidWork()
  const lost = new AppError('lease-lost', 'Another run took the job over.')
  const run = { ...WAKING_RUN, confirm: () => Promise.reject(lost) }
  const speech = speaker.speak([TEXT], HONZIK, { ...work, run })
  await expect(speech).rejects.toBe(lost)
  expect(openai.count('speak')).toBe(0)
  expect(work.charges).toEqual([])
})

test('a reworded text is asked for once more, and the faithful reading kept', async () => {
  openai.failNext('speak', {
    kind: 'reworded',
    as: 'Mám se dobře, děkuji za optání a přeji hezký den.',
  })
  const { speaker, logEntries } = open()
  const work = paidWork()
  const faithfulWork = paidWork()
  const speech = await speaker.speak([TEXT], HONZIK, work)
  const faithful = await speaker.speak([TEXT], HONZIK, faithfulWork)
  expect(openai.count('speak')).toBe(3)
  expect(speech.durationSeconds).toBe(faithful.durationSeconds)
  // Both readings are paid for.
  expect(work.charges).toHaveLength(2)
  expect(costOf(work.charges)).toBeGreaterThan(costOf(faithfulWork.charges) * 1.5)
  expect(logEntries).toEqual([
    {
      event: 'speech_reworded',
      fields: { model: MODEL, words: 8, changed: expect.any(Number), changed_again: 0 },
    },
  ])
  expect(JSON.stringify(logEntries)).not.toContain('korun')
})

test('of two readings that changed words the one that changed fewer is kept', async () => {
  const { speaker } = open()
  const near = 'Kolik to stojí? Je to za 15 euro.'
  const far = 'To nevím, zeptejte se raději někoho jiného, prosím vás pěkně, já tady nepracuji.'
  const speechAlone = await speaker.speak([near], HONZIK, paidWork())
  for (const readings of [
    [near, far],
    [far, near],
  ]) {
    for (const as of readings) openai.failNext('speak', { kind: 'reworded', as })
    const speech = await speaker.speak([TEXT], HONZIK, paidWork())
    expect(speech.durationSeconds).toBe(speechAlone.durationSeconds)
  }
})

test('a model that twice talks instead of reading is rejected', async () => {
  const as = 'To nevím, zeptejte se raději někoho jiného, prosím vás pěkně, já tady nepracuji.'
  openai.failNext('speak', { kind: 'reworded', as }, 2)
  const { speaker, waits } = open()
  await expect(speaker.speak([TEXT], HONZIK, paidWork())).rejects.toMatchObject({
    code: 'provider-rejected',
  })
  expect(openai.count('speak')).toBe(2)
  expect(waits).toEqual([])
})

test('a reworded reading is kept where the second one fails', async () => {
  openai.failNext('speak', { kind: 'reworded' })
  openai.failNext('speak', { kind: 'reset' })
  const { speaker } = open()
  expect((await speaker.speak([TEXT], HONZIK, paidWork())).durationSeconds).toBeGreaterThan(1.5)
  expect(openai.count('speak')).toBe(2)
})

test.each([{ kind: 'reset' }, { kind: 'empty-audio' }, { kind: 'server-error' }] as const)(
  'a text whose speech fails by $kind is asked for again by socket',
  async (fault) => {
    openai.failNext('speak', fault)
    const { speaker, waits } = open()
    expect((await speaker.speak([TEXT], HONZIK, paidWork())).durationSeconds).toBeGreaterThan(1.5)
    expect(openai.count('speak')).toBe(2)
    expect(waits).toEqual([500])
  },
)

test('a rate limit is waited for', async () => {
  openai.failNext('speak', { kind: 'rate-limited' })
  const { speaker, waits, logEntries } = open()
  await speaker.speak([TEXT], HONZIK, paidWork())
  expect(waits).toHaveLength(1)
  expect(logEntries[0]?.fields).toMatchObject({ stage: 'speak', code: 'provider-rate-limited' })
})

test('an exhausted quota is not asked again', async () => {
  openai.failAll('speak', { kind: 'quota-exhausted' })
  await expect(open().speaker.speak([TEXT], HONZIK, paidWork())).rejects.toMatchObject({
    code: 'provider-quota-exhausted',
  })
  expect(openai.count('speak')).toBe(1)
})

test('speech cut off by the content filter is a refusal', async () => {
  openai.failAll('speak', { kind: 'content-filter' })
  await expect(open().speaker.speak([TEXT], HONZIK, paidWork())).rejects.toMatchObject({
    code: 'provider-refused',
  })
  expect(openai.count('speak')).toBe(1)
})

test('a refused handshake is unauthorized, and a port without a server a failure', async () => {
  await expect(
    open(`${openai.url}/nowhere`).speaker.speak([TEXT], HONZIK, paidWork()),
  ).rejects.toMatchObject({
    code: 'provider-unauthorized',
  })
  await expect(
    open('http://127.0.0.1:9/v1').speaker.speak([TEXT], HONZIK, paidWork()),
  ).rejects.toMatchObject({
    code: 'provider-failed',
  })
})

test('an abort ends speech that hangs', async () => {
  openai.failNext('speak', { kind: 'hang' })
  const abort = new AbortController()
  const speech = open().speaker.speak([TEXT], HONZIK, paidWork(abort.signal))
  const reason = new Error('the job has lost its lease')
  await vi.waitFor(() => expect(openai.count('speak')).toBe(1))
  abort.abort(reason)
  await expect(speech).rejects.toBe(reason)
})

test('the sentences of a text are spoken over sockets of their own, and paid for together', async () => {
  const { speaker } = open()
  const sentences = ['Kolik to stojí? ', 'Je to za 15 korun. ', 'To není moc, co?']
  const [workAlone, work] = [paidWork(), paidWork()]
  const speechesAlone = await Promise.all(
    sentences.map((sentence) => speaker.speak([sentence], HONZIK, workAlone)),
  )
  openai.requests.length = 0
  const speech = await speaker.speak(sentences, HONZIK, work)
  expect(openai.requests.map(({ fields }) => fields.input).toSorted()).toEqual(
    sentences.map((sentence) => sentence.trim()).toSorted(),
  )
  const sum = (of: (piece: (typeof speechesAlone)[number]) => number) =>
    speechesAlone.reduce((total, piece) => total + of(piece), 0)
  expect(speech.durationSeconds).toBeGreaterThanOrEqual(sum((piece) => piece.durationSeconds))
  expect(speech.durationSeconds).toBeLessThan(sum((piece) => piece.durationSeconds) + 0.1)
  expect(work.charges).toHaveLength(sentences.length)
  expect(costOf(work.charges)).toBe(costOf(workAlone.charges))
  expect(await inspectAudio(speech.ogg)).toMatchObject({ format: 'ogg', codec: 'opus' })
})

test('only the sentence whose speech failed is asked for again', async () => {
  openai.failNext('speak', { kind: 'reset' })
  const { speaker, waits } = open()
  await speaker.speak(['Kolik to stojí? ', 'Je to za 15 korun.'], HONZIK, paidWork())
  expect(openai.count('speak')).toBe(3)
  expect(waits).toEqual([500])
})

test('a text that never comes is not paid for', async () => {
  const { speaker } = open()
  const abort = new AbortController()
  const pieces = new ReadableStream<string>({
    start(controller) {
      abort.signal.addEventListener('abort', () => controller.error(abort.signal.reason))
    },
  })
  const speech = speaker.speak(pieces, HONZIK, paidWork(abort.signal))
  const reason = new Error('there is no reply')
  abort.abort(reason)
  await expect(speech).rejects.toBe(reason)
  expect(openai.count('speak')).toBe(0)
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['zeros', { input_tokens: 0, output_tokens: 0, output_token_details: { audio_tokens: 0 } }],
  ['words', { input_tokens: 'many', output_tokens: 'many' }],
  ['tokens without those of sound', { input_tokens: 10, output_tokens: 40 }],
])('speech whose vendor reports %s is paid for by its seconds', async (_, usage) => {
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  relay.on('connection', (client, { url = '', headers }) => {
    const { authorization = '' } = headers
    const address = openai.url.replace(/^http/, 'ws').replace(/\/v1\/?$/, '') + url
    const target = new WebSocket(address, { headers: { authorization } })
    const sentEvents: string[] = []
    const pass = (message: string) =>
      target.readyState === WebSocket.OPEN ? target.send(message) : sentEvents.push(message)
    client.on('message', (data) => pass(String(data)))
    client.on('close', () => target.close())
    target.on('open', () => sentEvents.forEach((message) => void target.send(message)))
    target.on('message', (data) => {
      const event = JSON.parse(String(data))
      if (event.type === 'response.done') event.response.usage = usage
      client.send(JSON.stringify(event))
    })
  })
  await once(relay, 'listening')
  const address = relay.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const work = paidWork()
  const speech = await open(`http://127.0.0.1:${port}/v1`).speaker.speak([TEXT], HONZIK, work)
  expect(work.charges).toHaveLength(1)
  expect(costOf(work.charges)).toBeGreaterThan(speech.durationSeconds * 350)
  for (const client of relay.clients) client.terminate()
  relay.close()
})

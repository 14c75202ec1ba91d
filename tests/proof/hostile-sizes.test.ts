import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { createApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import { speak } from '../../scripts/studio/openai/speech.ts'
import { type OpenaiStandIn, startOpenai } from '../../scripts/studio/openai/stand-in.ts'
import { startTelegram, type TelegramStandIn } from '../../scripts/studio/telegram/stand-in.ts'
import { recording } from '../rigs/fuzz/good-audio.ts'
import { type MemoryWatch, watchMemory } from '../rigs/memory.ts'
import { type Instance, killChildren, startInstance } from '../rigs/processes.ts'
import { formRequest } from '../support/lesson-requests.ts'
import { newPgliteFolder } from '../support/pglite-folder.ts'
import { ENDLESS_ANSWERS } from './endless-answers.ts'
import { type EndlessNeighbour, openEndlessNeighbour } from './endless-neighbour.ts'
import { HOSTILE_REQUESTS } from './hostile-requests.ts'

const SECRET = 'the-secret-of-the-webhook'
const SECRET_HEADER = 'x-telegram-bot-api-secret-token'
const UNHURRIED = { timeout: 90_000, interval: 50 }
/** By how many megabytes the peak memory may exceed the memory before a request. */
const MAX_GROWTH_MEGABYTES = 150
/** By how many megabytes memory may have grown in the end: the heap and PGlite's memory keep their size. */
const MAX_GROWTH_LEFT_MEGABYTES = 300
/** Above the caps on what is read of an answer, with what is on its way in buffers. */
const MAX_SENT_MEGABYTES = 64

type Product = { instance: Instance; apiKey: string; dir: string; memory: MemoryWatch }

let telegram: TelegramStandIn
let openai: OpenaiStandIn
let neighbours: { telegram: EndlessNeighbour; openai: EndlessNeighbour }
let product: Product
/** Speaks over REST. */
let restProduct: Product
beforeAll(async () => {
  // Memory is measured behind a lesson that is spoken as always.
  ;[telegram, openai] = await Promise.all([startTelegram(), startOpenai({ speak })])
  const [telegramRelay, openaiRelay] = await Promise.all([
    openEndlessNeighbour(telegram.url),
    openEndlessNeighbour(openai.url),
  ])
  neighbours = { telegram: telegramRelay, openai: openaiRelay }
  ;[product, restProduct] = await Promise.all([
    startProduct({}),
    startProduct({ TTS_MODEL: 'gpt-4o-mini-tts' }),
  ])
  telegram.setWebhook(`${product.instance.url}/webhook`, SECRET)
})
afterAll(async () => {
  killChildren()
  await Promise.all([neighbours.telegram.stop(), neighbours.openai.stop()])
  await Promise.all([telegram.stop(), openai.stop()])
  for (const { dir } of [product, restProduct]) rmSync(dir, { recursive: true, force: true })
})

async function startProduct(extraEnv: NodeJS.Dict<string>): Promise<Product> {
  const dir = await newPgliteFolder()
  const database = await openDatabase({ pgliteDir: dir })
  const apiKey = await createApiKey(database.db, { name: 'client', telegramLearners: false })
  await database.close()
  const instance = await startInstance({
    OPENAI_API_KEY: 'no-key-is-needed',
    OPENAI_BASE_URL: neighbours.openai.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    // The same words are spoken again and again, and each time counts.
    CACHE_MAX_MB: '0',
    TELEGRAM_API_ROOT: neighbours.telegram.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    PGLITE_DIR: dir,
    FREE_VOICE_PER_DAY: '1000',
    PORT: '0',
    ...extraEnv,
  })
  const startedProduct = { instance, apiKey, dir }
  // The first lesson loads modules, which must not count as growth.
  expect(await lesson(startedProduct)).toMatchObject({ status: 200 })
  return { ...startedProduct, memory: watchMemory(instance.pid) }
}

/** A lesson with sound, by the API. */
async function lesson({
  instance,
  apiKey,
}: Omit<Product, 'memory'>): Promise<{ status: number; audio: string }> {
  const request = formRequest(apiKey, { user_id: 'a', audio: recording('1-shop') })
  const url = `${instance.url}/api/v1/lessons/process`
  const response = await fetch(new Request(url, request))
  const answer = (await response.json()) as { honzik_response_audio?: string }
  return { status: response.status, audio: answer.honzik_response_audio ?? '' }
}

describe('a hostile request', () => {
  const credentials = (from: 'telegram' | 'client' | 'stranger'): Record<string, string> => {
    if (from === 'telegram') return { [SECRET_HEADER]: SECRET }
    return from === 'client' ? { authorization: `Bearer ${product.apiKey}` } : {}
  }

  test.each(HOSTILE_REQUESTS)(
    '$name to $path from $from is bounded, and the next one is answered',
    async ({ path, from, headers, body, declaredBytes, answers }) => {
      const { memory, instance } = product
      const { url } = instance
      memory.restart()
      const length = declaredBytes === undefined ? {} : { 'content-length': String(declaredBytes) }
      const allHeaders = { ...headers, ...credentials(from), ...length }
      expect(answers).toContain(await postBody(`${url}${path}`, allHeaders, body()))
      expect((await fetch(`${url}/health`, { headers: { connection: 'close' } })).status).toBe(200)
      expect(memory.peakMegabytes()).toBeLessThan(MAX_GROWTH_MEGABYTES)
    },
    120_000,
  )

  test('a hundred connections that send only the start of a request keep no other request waiting', async () => {
    const { url } = product.instance
    const { port } = new URL(url)
    const start = [
      'POST /webhook HTTP/1.1\r\nHost: a\r\nX-A: ',
      `POST /webhook HTTP/1.1\r\nHost: a\r\n${SECRET_HEADER}: ${SECRET}\r\nContent-Length: 100\r\n\r\n{`,
    ]
    const slowSockets: Socket[] = []
    for (let count = 0; count < 100; count += 1) {
      const socket = connect(Number(port), 'localhost')
      // The product may reset such a connection.
      socket.on('error', () => {})
      slowSockets.push(socket)
      await once(socket, 'connect')
      socket.write(start[count % start.length] ?? '')
    }
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const headers = { ...credentials('telegram'), 'content-type': 'application/json' }
    const body = JSON.stringify({ update_id: 1 })
    expect((await fetch(`${url}/webhook`, { method: 'POST', headers, body })).status).toBe(200)
    for (const socket of slowSockets) {
      expect(socket.readyState).toBe('open')
      socket.destroy()
    }
  }, 120_000)
})

describe('a neighbour whose answer does not end', () => {
  test.each(ENDLESS_ANSWERS.filter(({ from }) => from !== 'telegram'))(
    '$name: it is broken off, memory stays bounded, and of the lesson $remains is left',
    async ({ from, endless, remains: remainingBytes }) => {
      const target = from === 'openai' ? product : restProduct
      target.memory.restart()
      neighbours.openai.arrange(endless)
      const { status, audio } = await lesson(target)
      expect(neighbours.openai.megabytesSent()).toBeGreaterThan(0)
      expect(neighbours.openai.megabytesSent()).toBeLessThan(MAX_SENT_MEGABYTES)
      expect(target.memory.peakMegabytes()).toBeLessThan(MAX_GROWTH_MEGABYTES)
      expect([status, audio !== '']).toEqual([200, remainingBytes === 'everything'])
    },
    180_000,
  )

  test.each(ENDLESS_ANSWERS.filter(({ from }) => from === 'telegram'))(
    '$name: it is broken off, memory stays bounded, and the message is sent again',
    async ({ endless }) => {
      product.memory.restart()
      neighbours.telegram.arrange(endless)
      const learner = telegram.learner({ id: 77, first_name: 'Olena', language_code: 'en' })
      learner.says('/help')
      await vi.waitFor(() => expect(telegram.callsOf('sendMessage')).not.toEqual([]), UNHURRIED)
      expect(neighbours.telegram.megabytesSent()).toBeGreaterThan(0)
      expect(neighbours.telegram.megabytesSent()).toBeLessThan(MAX_SENT_MEGABYTES)
      expect(product.memory.peakMegabytes()).toBeLessThan(MAX_GROWTH_MEGABYTES)
    },
    180_000,
  )

  test('a voice note of more than Telegram lets a bot download is not kept, and the learner is told', async () => {
    product.memory.restart()
    const piece = Buffer.alloc(64 * 1024)
    const headers = { 'content-type': 'application/octet-stream' }
    neighbours.telegram.arrange({ path: /^\/file\/bot/, headers, start: 'OggS', piece })
    const learner = telegram.learner({ id: 78, first_name: 'Ivan', language_code: 'en' })
    learner.says('/start')
    await vi.waitFor(() => expect(botsTexts(78)).toHaveLength(2), UNHURRIED)
    const [, question] = telegram.chat(78).messages.filter(({ author }) => author === 'bot')
    learner.taps(question?.id ?? 0, 'native:en')
    await vi.waitFor(() => expect(botsTexts(78)).toHaveLength(3), UNHURRIED)
    learner.sendsVoice(recording('1-shop'), { duration: 5 })
    await vi.waitFor(() => expect(botsTexts(78)).toHaveLength(4), UNHURRIED)
    expect(botsTexts(78).at(-1)).toMatch(/too big|too large/i)
    expect(neighbours.telegram.megabytesSent()).toBeLessThan(MAX_SENT_MEGABYTES)
    expect(product.memory.peakMegabytes()).toBeLessThan(MAX_GROWTH_MEGABYTES)
  }, 180_000)
})

test('memory does not grow without bound over all hostile requests and answers', () => {
  expect(product.memory.keptMegabytes()).toBeLessThan(MAX_GROWTH_LEFT_MEGABYTES)
  expect(restProduct.memory.keptMegabytes()).toBeLessThan(MAX_GROWTH_LEFT_MEGABYTES)
})

function botsTexts(chatId: number): string[] {
  const { messages } = telegram.chat(chatId)
  return messages.filter(({ author }) => author === 'bot').map(({ text }) => text)
}

/** Posts a body piece by piece, as fast as it is read; returns the status, or that the connection was broken off. */
async function postBody(
  url: string,
  headers: Record<string, string>,
  body: Iterable<Uint8Array>,
): Promise<number | 'broken off'> {
  const sending = request(url, { method: 'POST', headers, agent: false })
  const outcome = new Promise<number | 'broken off'>((resolve) => {
    sending.once('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sending.once('error', () => resolve('broken off'))
  })
  const closing = new AbortController()
  sending.once('close', () => closing.abort())
  for (const piece of body) {
    if (sending.destroyed) break
    if (sending.write(piece)) continue
    await once(sending, 'drain', { signal: closing.signal })
      // The wait ends by the abort, too, when the connection closes: the loop then ends.
      .catch(() => {})
  }
  sending.end()
  return outcome
}

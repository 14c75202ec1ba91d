import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { createApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import { type OpenaiStandIn, startOpenai } from '../../scripts/studio/openai/stand-in.ts'
import { startTelegram, type TelegramStandIn } from '../../scripts/studio/telegram/stand-in.ts'
import { recording } from '../rigs/fuzz/good-audio.ts'
import { type MemoryWatch, watchMemory } from '../rigs/memory.ts'
import { type Instance, killChildren, startInstance } from '../rigs/processes.ts'
import { formRequest } from '../support/lesson-requests.ts'
import { newPgliteFolder } from '../support/pglite-folder.ts'
import { rowsOfProof } from '../support/proof-width.ts'
import { ENDLESS_ANSWERS } from './endless-answers.ts'
import { type EndlessNeighbour, openEndlessNeighbour } from './endless-neighbour.ts'
import { HOSTILE_REQUESTS } from './hostile-requests.ts'

const SECRET = 'the-secret-of-the-webhook'
const SECRET_HEADER = 'x-telegram-bot-api-secret-token'
const UNHURRIED = { timeout: 90_000, interval: 50 }
/** By how much a process may grow at its highest while it is sent something. */
const MAX_GROWTH_MEGABYTES = 150
/** What may be left of all of it: the heap and PGlite's memory are larger then, and stay so. */
const MAX_KEPT_MEGABYTES = 300
/** Above the caps on what is read of an answer, with what is on its way in buffers. */
const MAX_TAKEN_MEGABYTES = 64

type Product = { instance: Instance; apiKey: string; dir: string; memory: MemoryWatch }

let telegram: TelegramStandIn
let openai: OpenaiStandIn
let neighbours: { telegram: EndlessNeighbour; openai: EndlessNeighbour }
let product: Product
/** Speaks over REST. */
let restProduct: Product
beforeAll(async () => {
  ;[telegram, openai] = await Promise.all([startTelegram(), startOpenai()])
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

async function startProduct(more: NodeJS.Dict<string>): Promise<Product> {
  const dir = await newPgliteFolder()
  const database = await openDatabase({ pgliteDir: dir })
  const apiKey = await createApiKey(database.db, { name: 'client', telegramLearners: false })
  await database.close()
  const instance = await startInstance({
    OPENAI_API_KEY: 'no-key-is-needed',
    OPENAI_BASE_URL: neighbours.openai.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: neighbours.telegram.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    PGLITE_DIR: dir,
    FREE_VOICE_PER_DAY: '1000',
    PORT: '0',
    ...more,
  })
  const started = { instance, apiKey, dir }
  // What the first lesson loads is no growth.
  expect(await lesson(started)).toMatchObject({ status: 200 })
  return { ...started, memory: watchMemory(instance.pid) }
}

/** A lesson with sound, by the API. */
async function lesson({
  instance,
  apiKey,
}: Omit<Product, 'memory'>): Promise<{ status: number; audio: string }> {
  const asked = formRequest(apiKey, { user_id: 'a', audio: recording('1-shop') })
  const url = `${instance.url}/api/v1/lessons/process`
  const response = await fetch(new Request(url, asked))
  const answer = (await response.json()) as { honzik_response_audio?: string }
  return { status: response.status, audio: answer.honzik_response_audio ?? '' }
}

describe('a hostile request', () => {
  const credentials = (from: 'telegram' | 'client' | 'nobody'): Record<string, string> => {
    if (from === 'telegram') return { [SECRET_HEADER]: SECRET }
    return from === 'client' ? { authorization: `Bearer ${product.apiKey}` } : {}
  }

  test.each(rowsOfProof(HOSTILE_REQUESTS, ({ what }) => what))(
    '$what to $path from $from is bounded, and the next one is answered',
    async ({ path, from, headers, body, declared, answers }) => {
      const { memory, instance } = product
      const { url } = instance
      memory.restart()
      const length = declared === undefined ? {} : { 'content-length': String(declared) }
      const all = { ...headers, ...credentials(from), ...length }
      expect(answers).toContain(await posted(`${url}${path}`, all, body()))
      expect((await fetch(`${url}/health`, { headers: { connection: 'close' } })).status).toBe(200)
      expect(memory.peakMegabytes()).toBeLessThan(MAX_GROWTH_MEGABYTES)
    },
    120_000,
  )

  test('a hundred connections that send no more than the start of theirs keep nobody waiting', async () => {
    const { url } = product.instance
    const { port } = new URL(url)
    const start = [
      'POST /webhook HTTP/1.1\r\nHost: a\r\nX-A: ',
      `POST /webhook HTTP/1.1\r\nHost: a\r\n${SECRET_HEADER}: ${SECRET}\r\nContent-Length: 100\r\n\r\n{`,
    ]
    const slow: Socket[] = []
    for (let count = 0; count < 100; count += 1) {
      const socket = connect(Number(port), 'localhost')
      socket.on('error', () => {})
      slow.push(socket)
      await once(socket, 'connect')
      socket.write(start[count % start.length] ?? '')
    }
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const headers = { ...credentials('telegram'), 'content-type': 'application/json' }
    const body = JSON.stringify({ update_id: 1 })
    expect((await fetch(`${url}/webhook`, { method: 'POST', headers, body })).status).toBe(200)
    for (const socket of slow) {
      expect(socket.readyState).toBe('open')
      socket.destroy()
    }
  }, 120_000)
})

describe('a neighbour whose answer does not end', () => {
  test.each(ENDLESS_ANSWERS.filter(({ from }) => from !== 'telegram'))(
    '$what: it is broken off, memory stays bounded, and of the lesson $left is left',
    async ({ from, endless, left }) => {
      const asked = from === 'openai' ? product : restProduct
      asked.memory.restart()
      neighbours.openai.arrange(endless)
      const { status, audio } = await lesson(asked)
      expect(neighbours.openai.takenMegabytes()).toBeGreaterThan(0)
      expect(neighbours.openai.takenMegabytes()).toBeLessThan(MAX_TAKEN_MEGABYTES)
      expect(asked.memory.peakMegabytes()).toBeLessThan(MAX_GROWTH_MEGABYTES)
      expect([status, audio !== '']).toEqual([200, left === 'everything'])
    },
    180_000,
  )

  test.each(ENDLESS_ANSWERS.filter(({ from }) => from === 'telegram'))(
    '$what: it is broken off, memory stays bounded, and the message is sent again',
    async ({ endless }) => {
      product.memory.restart()
      neighbours.telegram.arrange(endless)
      const learner = telegram.learner({ id: 77, first_name: 'Olena', language_code: 'en' })
      learner.says('/help')
      await vi.waitFor(() => expect(telegram.callsOf('sendMessage')).not.toEqual([]), UNHURRIED)
      expect(neighbours.telegram.takenMegabytes()).toBeGreaterThan(0)
      expect(neighbours.telegram.takenMegabytes()).toBeLessThan(MAX_TAKEN_MEGABYTES)
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
    expect(neighbours.telegram.takenMegabytes()).toBeLessThan(MAX_TAKEN_MEGABYTES)
    expect(product.memory.peakMegabytes()).toBeLessThan(MAX_GROWTH_MEGABYTES)
  }, 180_000)
})

test('nothing of all that piles up', () => {
  expect(product.memory.keptMegabytes()).toBeLessThan(MAX_KEPT_MEGABYTES)
  expect(restProduct.memory.keptMegabytes()).toBeLessThan(MAX_KEPT_MEGABYTES)
})

function botsTexts(chatId: number): string[] {
  const { messages } = telegram.chat(chatId)
  return messages.filter(({ author }) => author === 'bot').map(({ text }) => text)
}

/** Posts a body piece by piece, as fast as it is taken; the status, or that the connection was broken off. */
async function posted(
  url: string,
  headers: Record<string, string>,
  body: Iterable<Uint8Array>,
): Promise<number | 'broken off'> {
  const sending = request(url, { method: 'POST', headers, agent: false })
  const answered = new Promise<number | 'broken off'>((resolve) => {
    sending.once('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sending.once('error', () => resolve('broken off'))
  })
  const closed = new AbortController()
  sending.once('close', () => closed.abort())
  for (const piece of body) {
    if (sending.destroyed) break
    if (sending.write(piece)) continue
    await once(sending, 'drain', { signal: closed.signal }).catch(() => {})
  }
  sending.end()
  return answered
}

import { readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { type OpenaiStandIn, startOpenai } from '../../scripts/studio/openai/stand-in.ts'
import { startTelegram, type TelegramStandIn } from '../../scripts/studio/telegram/stand-in.ts'
import { type Instance, killChildren, runNode, startInstance } from '../rigs/processes.ts'
import { newEmptyPgliteFolder, newPgliteFolder } from '../support/pglite-folder.ts'

const SECRET = 'the-secret-of-the-webhook'
const ANNA = { id: 501, first_name: 'Anna', language_code: 'en' }
const BORIS = { id: 502, first_name: 'Boris', language_code: 'en' }
const UNHURRIED = { timeout: 60_000, interval: 20 }

let telegram: TelegramStandIn
let openai: OpenaiStandIn
let env: NodeJS.ProcessEnv
/** While it is closed, the slow calls of the stand-in for Telegram wait. */
let gate = Promise.resolve()
beforeAll(async () => {
  openai = await startOpenai()
})
afterAll(() => openai.stop())

/** Prepares the surroundings of the next processes: a Telegram of their own, and this PGlite folder. */
async function prepare(pgliteDir: string): Promise<void> {
  gate = Promise.resolve()
  telegram = await startTelegram({ delay: () => gate })
  env = {
    OPENAI_API_KEY: 'no-key-is-needed',
    OPENAI_BASE_URL: openai.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    PGLITE_DIR: pgliteDir,
    PORT: '0',
  }
}

async function cleanUp(): Promise<void> {
  killChildren()
  await telegram.stop()
  rmSync(String(env.PGLITE_DIR), { recursive: true, force: true })
}

describe('npm start refuses to start', () => {
  test('without its variables, naming all that are missing at once', async () => {
    const { code, stdout, stderr } = await runNode('scripts/start.ts', [], {
      ENVIRONMENT: 'production',
    })
    expect([code, stdout]).toEqual([1, ''])
    const variableNames = stderr.match(/^- [A-Z_]+/gm)?.map((line) => line.slice(2))
    expect(variableNames?.sort()).toEqual([
      'ADMIN_TOKEN',
      'CRON_SECRET',
      'DATABASE_URL',
      'OPENAI_API_KEY',
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_WEBHOOK_SECRET',
    ])
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  test('on a port that is taken, in a sentence', async () => {
    await prepare(await newPgliteFolder())
    const otherServer = createServer()
    await new Promise<void>((resolve) => otherServer.listen(0, resolve))
    const { port } = otherServer.address() as AddressInfo
    const { code, stderr } = await runNode('scripts/start.ts', [], { ...env, PORT: String(port) })
    otherServer.close()
    await cleanUp()
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^EADDRINUSE: port ${port} is taken. Set PORT `))
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  test('on an address that the machine does not have, in a sentence', async () => {
    await prepare(await newPgliteFolder())
    const { code, stderr } = await runNode('scripts/start.ts', [], { ...env, HOST: '192.0.2.1' })
    await cleanUp()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^EADDRNOTAVAIL: this machine has no address 192\.0\.2\.1\. Set HOST /)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })
})

describe('npm start on an empty folder', () => {
  let functions: Instance
  beforeAll(async () => {
    await prepare(await newEmptyPgliteFolder())
    functions = await startInstance(env)
  })
  afterAll(cleanUp)

  test('npm start listens once it is healthy, gives a lesson, and hides its sources', async () => {
    const health = await fetch(new URL('/health', functions.url))
    expect([health.status, await health.json()]).toMatchObject([
      200,
      { status: 'healthy', checks: { migrations: 'ok' } },
    ])

    telegram.setWebhook(`${functions.url}/webhook`, SECRET)
    const anna = await newLearner(ANNA)
    await sendsVoice(anna)
    await vi.waitFor(() => expect(lessonOf(ANNA.id)).toHaveLength(3), UNHURRIED)
    const [transcript, verdict, voice] = lessonOf(ANNA.id)
    expect(transcript).toContain('Včera jsem šel do obchod')
    expect(verdict).toContain('obchodu')
    expect(voice).toBe('voice')

    const page = await fetch(functions.url)
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ])
    expect(await page.text()).toBe(readFileSync('public/index.html', 'utf8'))
    for (const path of [
      '/nothing',
      '/scripts/start.ts',
      '/lib/config.ts',
      '/package.json',
      '/.env',
      '/api/../lib/config.ts',
      '/api/health.ts',
      '/public/index.html',
    ]) {
      const response = await fetch(new URL(path, functions.url))
      expect([path, response.status, await response.text()]).toEqual([path, 404, 'Not found'])
    }
  })

  test('npm start holds its PGlite folder: a second process refuses, naming the first', async () => {
    const { code, stdout, stderr } = await runNode('scripts/start.ts', [], env)
    // Besides the log's line, which hosts without a terminal read.
    expect([code, stdout.includes('listening on')]).toEqual([1, false])
    expect(stderr).toMatch(new RegExp(`process ${functions.pid}\\b.*DATABASE_URL`, 's'))
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect((await fetch(new URL('/health', functions.url))).status).toBe(200)
  })

  test('npm start logs its start, the signal that ends it, and its end', async () => {
    const { code, stdout } = await functions.end('SIGTERM')
    expect(code).toBe(0)
    const events = ['started', 'stopping', 'stopped']
    const lines = logLinesOf(stdout).filter(({ event }) => events.includes(event))
    expect(lines).toMatchObject([
      { event: 'started', url: functions.url, database: 'pglite', version: VERSION_FORM },
      { event: 'stopping', signal: 'SIGTERM' },
      { event: 'stopped', all_ended: true },
    ])
  })
})

test('a database out of reach is one line with what to check, without a stack', async () => {
  await prepare(await newPgliteFolder())
  const functions = await startInstance({
    ...env,
    DATABASE_URL: 'postgres://honzik:the-password@127.0.0.1:1/mluv',
    LEASE_SECONDS: '1',
  })
  const { stdout, stderr } = await functions.end('SIGTERM')
  await cleanUp()
  expect(stderr).toBe('')
  const [line, ...further] = logLinesOf(stdout).filter(({ level }) => level !== 'info')
  expect(line).toEqual({
    level: 'error',
    time: expect.any(String),
    event: 'sweep_failed',
    because: expect.stringMatching(
      /^PostgreSQL at 127\.0\.0\.1:1\/mluv does not answer \(ECONNREFUSED\)\. Check .*DATABASE_URL/,
    ),
  })
  expect(further).toEqual([])
  expect(stdout).not.toContain('the-password')
})

describe('npm start whose log has lost its reader', () => {
  let functions: Instance
  beforeAll(async () => {
    await prepare(await newPgliteFolder())
    functions = await startInstance({ ...env, HOST: '127.0.0.2' })
    functions.stopReading()
    telegram.setWebhook(`${functions.url}/webhook`, SECRET)
  })
  afterAll(cleanUp)

  test('npm start listens on the address of HOST alone', async () => {
    const { hostname, port } = new URL(functions.url)
    expect(hostname).toBe('127.0.0.2')
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow('fetch failed')
  })

  test('the server gives lessons after the reader of its log has gone', async () => {
    const anna = await newLearner(ANNA)
    await sendsVoice(anna)
    await vi.waitFor(() => expect(lessonOf(ANNA.id)).toHaveLength(3), UNHURRIED)
    expect((await fetch(new URL('/health', functions.url))).status).toBe(200)
  })

  test('npm start, told to stop, takes no more requests and lets the running lesson end', async () => {
    const boris = await newLearner(BORIS)
    const voiceCount = telegram.callsOf('sendVoice').length
    const slowCall = Promise.withResolvers<void>()
    gate = slowCall.promise
    telegram.failNext('sendVoice', { kind: 'slow', ms: 1 })
    await sendsVoice(boris)
    await vi.waitFor(() => {
      expect(telegram.callsOf('sendVoice')).toHaveLength(voiceCount + 1)
    }, UNHURRIED)

    const exit = functions.end('SIGTERM')
    await vi.waitFor(
      () => expect(fetch(new URL('/health', functions.url))).rejects.toThrow(),
      UNHURRIED,
    )
    expect(telegram.callsOf('sendVoice').at(-1)?.end).toBe('under-way')
    slowCall.resolve()
    const { code, signal } = await exit
    expect([code, signal]).toEqual([0, null])

    const database = await openDatabase({ pgliteDir: String(env.PGLITE_DIR) })
    const jobs = await database.db
      .selectFrom('inbox')
      .select(['state', 'attempts'])
      .where('lane', '=', `chat:${BORIS.id}`)
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    await database.close()
    expect(jobs).toEqual([{ state: 'done', attempts: 1 }])
  })
})

/** `0.1.0`, with the commit behind it in a checkout. */
const VERSION_FORM = expect.stringMatching(/^\d+\.\d+\.\d+(\+[0-9a-f]{7})?$/)

function logLinesOf(stdout: string): { event: string; level: string }[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

/** A learner who has chosen a language and a level. */
async function newLearner(user: typeof ANNA) {
  const learner = telegram.learner(user)
  const tapCount = telegram.callsOf('answerCallbackQuery').length
  learner.says('/start')
  for (const data of ['native:en', 'level:beginner']) {
    const id = await vi.waitFor(() => buttonOf(user.id, data), UNHURRIED)
    learner.taps(id, data)
  }
  await vi.waitFor(() => {
    expect(telegram.callsOf('answerCallbackQuery')).toHaveLength(tapCount + 2)
  }, UNHURRIED)
  return learner
}

/** The message that has a button with this data under it. */
function buttonOf(chatId: number, data: string): number {
  const message = telegram
    .chat(chatId)
    .messages.find(({ buttons }) => buttons.some((button) => button.callback_data === data))
  if (message === undefined) throw new Error(`There is no button ${data} yet.`)
  return message.id
}

async function sendsVoice(learner: Awaited<ReturnType<typeof newLearner>>): Promise<void> {
  const file = new URL('../../scripts/studio/recordings/1-shop.ogg', import.meta.url)
  learner.sendsVoice(new Uint8Array(readFileSync(file)), { duration: 4 })
}

/** What the bot has answered since the learner's last message: texts, earlier versions too, and voice notes. */
function lessonOf(chatId: number): string[] {
  const { messages } = telegram.chat(chatId)
  const last = messages.findLastIndex(({ author }) => author === 'learner')
  return messages
    .slice(last + 1)
    .flatMap(({ revisions, text, file }) => [
      ...revisions.map((revision) => revision.text ?? ''),
      file === null ? text : file.kind,
    ])
}

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inspectAudio } from '../../lib/adapters/audio/file.ts'
import { wholeProofTest } from '../support/proof-width.ts'
import { type RunningScript, runScript } from './run-script.ts'

const DEMO = resolve(import.meta.dirname, '../../scripts/demo.ts')

/** Expects the parts to stand in the text, each behind the one before. */
function expectInOrder(text = '', parts: readonly string[]): void {
  let end = 0
  for (const part of parts) {
    const place = text.indexOf(part, end)
    expect(place, `${part} in ${text}`).not.toBe(-1)
    end = place + part.length
  }
}

describe('the demo, without a key, where a bot and a database in use are configured', () => {
  let production: Server
  let productionRequests = 0
  let demo: RunningScript
  let exitCode: number | null

  beforeAll(async () => {
    production = createServer((_request, response) => {
      productionRequests += 1
      response.end()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => production.once('listening', resolve))
    const { port } = production.address() as AddressInfo
    const surroundings = {
      TELEGRAM_BOT_TOKEN: '1:production',
      TELEGRAM_API_ROOT: `http://127.0.0.1:${port}`,
      DATABASE_URL: `postgres://production@127.0.0.1:${port}/production`,
      TELEGRAM_REAL: '1',
      WEBHOOK_URL: 'https://bot.example',
    }
    const lines = Object.entries(surroundings).map(([name, value]) => `${name}=${value}\n`)
    demo = runScript(DEMO, surroundings, (folder) => {
      writeFileSync(join(folder, '.env'), lines.join(''))
    })
    exitCode = await demo.exitCode
  })
  afterAll(async () => {
    production.close()
    await demo.dispose()
  })

  test('the demo succeeds and calls neither the configured bot nor the configured database', () => {
    expect(exitCode, demo.output()).toBe(0)
    expect(productionRequests).toBe(0)
  })

  test('the demo shows in every exchange by voice the transcript, the verdict that it is edited into, and a voice note', () => {
    const exchanges = demo
      .output()
      .split(/^.*Adam +▶ voice note/m)
      .slice(1)
    const lessons = [
      { mistake: 'do ~obchod~ obchodu', sound: 'honzik-1.ogg' },
      { mistake: 'v ~Praha~ Praze', sound: 'honzik-3.ogg' },
      { mistake: '~česká~ české jídlo', sound: 'honzik-5.ogg' },
    ]
    expect(exchanges).toHaveLength(lessons.length)
    for (const [index, { mistake, sound }] of lessons.entries()) {
      expectInOrder(exchanges[index], ['What I heard', 'changes that message to:', mistake, sound])
    }
  })

  test('the demo plays what a learner can do on a first day, and each act has its answer', () => {
    expectInOrder(demo.output(), [
      'taps “English”',
      'taps “I get by in simple phrases · A2”',
      'Your level: I get by in simple phrases · A2',
      'taps “🐢 Slower”',
      'honzik-2.ogg',
      'taps “✋ I said something else”',
      'What did you really say?',
      '(replies)',
      'honzik-4.ogg',
      '↩️ Replaced',
      'Adam     /corrections',
      'taps “Let me try first”',
      'After a mistake: Let me try first',
      'Which case is needed',
      '🎉 Right!',
      'Daily challenge done',
      'Adam     /settings',
      'taps “Slowly”',
      'Voice speed: Slowly',
      'Adam     /memory',
      '1. lives in Praze',
      'Adam     /export_me',
      'mluv-me.json',
    ])
    expect(demo.output()).not.toContain('likes česk')
    const personalData: unknown = JSON.parse(
      readFileSync(join(demo.folder, '.data', 'demo', 'mluv-me.json'), 'utf8'),
    )
    expect(personalData).toMatchObject({ learner: { telegram_id: 42 } })
  })

  test('the demo leaves playable voice notes', async () => {
    const folder = join(demo.folder, '.data', 'demo')
    const notes = readdirSync(folder).filter((name) => name.endsWith('.ogg'))
    expect(notes.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7].map((count) => `honzik-${count}.ogg`))
    for (const note of notes) {
      const bytes = readFileSync(join(folder, note))
      expect(bytes.toString('latin1', 0, 4)).toBe('OggS')
      expect((await inspectAudio(bytes))?.durationSeconds).toBeGreaterThan(2)
    }
  })

  test('the demo says how long each part took', () => {
    expect(demo.output()).toMatch(/^3-food\.ogg +\d+\.\d\d s +\d+\.\d\d s +\d+\.\d\d s$/m)
  })

  test('the demo says before anything else who is imitated and that no money is spent, and again at each message', () => {
    const [envFile, cast, money, idle] = demo.output().split('\n')
    expect(envFile).toBe('.env: nothing that was not set already')
    expect(cast).toBe('Imitated: Telegram, the recogniser, the tutor, the voice.')
    expect(money).toMatch(/^No money is spent\./)
    expect(idle).toMatch(/^Without effect here: DATABASE_URL, TELEGRAM_BOT_TOKEN, /)
    const remarks = demo.output().match(/\(imitated: the (recogniser|tutor|voice);/g)
    expect(remarks?.slice(0, 2)).toEqual(['(imitated: the recogniser;', '(imitated: the tutor;'])
    const countOf = (part: string) => remarks?.filter((remark) => remark.includes(part)).length
    // Three by voice, one of other words, two in writing; and once facts are looked for.
    expect({ recogniser: countOf('recogniser'), tutor: countOf('tutor') }).toEqual({
      recogniser: 3,
      tutor: 7,
    })
    expect(countOf('voice')).toBeGreaterThanOrEqual(6)
  })
})

test('the demo exits 1 and says why when the provider is set up wrongly', async () => {
  const demo = runScript(DEMO, { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'example.com' })
  try {
    expect(await demo.exitCode).toBe(1)
    expect(demo.output()).toContain('OPENAI_BASE_URL must be a URL beginning with http')
  } finally {
    await demo.dispose()
  }
})

const REFUSAL = { error: { message: 'Incorrect API key provided.', code: 'invalid_api_key' } }

test('a refused key and a server out of reach end the demo with their reason, before a lesson is tried', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(REFUSAL))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const base = `http://127.0.0.1:${port}/v1`
  async function expectEnd(reason: string): Promise<void> {
    const demo = runScript(DEMO, { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: base })
    expect(await demo.exitCode).toBe(1)
    expect(demo.output()).toContain(`The demo failed: ${reason}`)
    expect(demo.output()).toMatch(/^Real: the recogniser, the tutor, the voice, at 127/m)
    expect(demo.output()).not.toContain('Starting the functions')
    await demo.dispose()
  }
  await expectEnd(`127.0.0.1:${port} refuses the key in OPENAI_API_KEY (401).`)
  await new Promise((resolve) => server.close(resolve))
  await expectEnd(`127.0.0.1:${port} cannot be reached: ECONNREFUSED.`)
})

wholeProofTest(
  'a key that only the lessons find refused ends the demo at the first one, with the reason',
  async () => {
    const server = createServer((request, response) => {
      const isList = request.url?.endsWith('/models')
      response.writeHead(isList ? 404 : 401, { 'content-type': 'application/json' })
      response.end(JSON.stringify(REFUSAL))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const env = { STT_API_KEY: 'key', STT_BASE_URL: `http://127.0.0.1:${port}/v1` }
    const demo = runScript(DEMO, env)
    expect(await demo.exitCode).toBe(1)
    expect(demo.output()).toMatch(/The demo failed: warn: processing_error: .*401/)
    expect(demo.output()).toMatch(/^Imitated: Telegram, the tutor, the voice\.$/m)
    expect(demo.output().match(/▶ voice note/g)).toHaveLength(1)
    await demo.dispose()
    server.close()
  },
)

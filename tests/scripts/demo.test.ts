import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inspectAudio } from '../../lib/adapters/audio/file.ts'
import { type RunningScript, runScript } from './run-script.ts'

const DEMO = resolve(import.meta.dirname, '../../scripts/demo.ts')

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

  test('the demo shows in every exchange the transcript, the verdict that it is edited into, and a voice note', () => {
    const exchanges = demo
      .output()
      .split(/^.*Adam +▶ voice note/m)
      .slice(1)
    const mistakes = ['do ~obchod~ obchodu', 'v ~Praha~ Praze', '~česká~ české jídlo']
    expect(exchanges).toHaveLength(mistakes.length)
    for (const [index, mistake] of mistakes.entries()) {
      const parts = ['I heard', 'changes that message to:', mistake, `honzik-${index + 1}.ogg`]
      const places = parts.map((part) => exchanges[index]?.indexOf(part) ?? -1)
      expect(places).not.toContain(-1)
      expect(places).toEqual(places.toSorted((a, b) => a - b))
    }
  })

  test('the demo leaves playable voice notes', async () => {
    const folder = join(demo.folder, '.data', 'demo')
    const notes = readdirSync(folder).filter((name) => name.endsWith('.ogg'))
    expect(notes).toEqual(['honzik-1.ogg', 'honzik-2.ogg', 'honzik-3.ogg'])
    for (const note of notes) {
      const bytes = readFileSync(join(folder, note))
      expect(bytes.toString('latin1', 0, 4)).toBe('OggS')
      expect((await inspectAudio(bytes))?.durationSeconds).toBeGreaterThan(2)
    }
  })

  test('the demo says how long each part took and which parts were stand-ins', () => {
    expect(demo.output()).toMatch(/^3-food\.ogg +\d+\.\d\d s +\d+\.\d\d s +\d+\.\d\d s$/m)
    expect(demo.output()).toMatch(/^Stand-ins: Telegram, and OpenAI/m)
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

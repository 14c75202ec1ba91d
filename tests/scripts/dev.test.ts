import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type RunningScript, runScript } from './run-script.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const Health = z.object({ version: z.string() })
const PARTS = ['api', 'db', 'lib', 'scripts', 'package.json', 'vercel.json']

// A copy of the sources, since one of them is going to change.
let dev: RunningScript
beforeAll(() => {
  dev = runScript(join('scripts', 'dev.ts'), { PORT: '0' }, (folder) => {
    for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  })
})
afterAll(() => dev.dispose())

// Three starts of a process and two of a fresh database: half a minute on a loaded machine.
const TIMEOUT_MS = 240_000

test('dev prints a key that works, reloads what has changed, keeps its data and ends at Ctrl-C', {
  timeout: TIMEOUT_MS,
}, async () => {
  const [, url = ''] = await dev.prints(/The functions answer at (\S+)/)
  const [key = ''] = await dev.prints(/^mluv_\S+$/m)
  expect(
    await dev.prints(/^curl .*-F audio=@scripts\/studio\/recordings\/1-shop\.ogg$/m),
  ).toBeTruthy()

  const first = await lesson(url, key)
  expect(first).toMatchObject({ status: 200, body: { transcript: SAID, stars_earned: 2 } })

  const version = async () => Health.parse(await (await fetch(`${url}/health`)).json()).version
  expect(await version()).toBe('0.1.0')
  const config = join(dev.folder, 'lib', 'config.ts')
  const changedSource = readFileSync(config, 'utf8').replace(
    "VERSION = '0.1.0'",
    "VERSION = '0.1.1'",
  )
  writeFileSync(config, changedSource)
  await expect.poll(() => version().catch(() => undefined), { timeout: 30_000 }).toBe('0.1.1')

  const second = await lesson(url, key)
  expect(second).toMatchObject({ status: 200, body: { total_stars: 4 } })

  dev.type('/start')
  await dev.prints(/Which language shall I explain mistakes in\?/)
  dev.type('/tap English')
  await dev.prints(/How well do you speak Czech\?/)

  dev.signal('SIGINT')
  expect(await dev.exitCode).toBe(0)
  await expect(fetch(`${url}/health`)).rejects.toThrow()
})

const SAID = 'Včera jsem šel do obchod a koupil jsem chleba.'

async function lesson(url: string, key: string): Promise<{ status: number; body: unknown }> {
  const form = new FormData()
  form.set('user_id', 'me')
  form.set('include_audio', 'false')
  const recording = readFileSync(join(ROOT, 'scripts/studio/recordings/1-shop.ogg'))
  form.set('audio', new Blob([recording]), '1-shop.ogg')
  const response = await fetch(`${url}/api/v1/lessons/process`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: form,
  })
  return { status: response.status, body: await response.json() }
}

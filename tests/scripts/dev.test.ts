import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type RunningScript, runScript } from './run-script.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const Health = z.object({ version: z.string() })
const PARTS = ['api', 'db', 'lib', 'scripts', 'public', 'package.json', 'vercel.json']

// A copy of the sources, since one of them is going to change.
let dev: RunningScript
beforeAll(() => {
  const env = {
    PORT: '0',
    DATABASE_URL: 'postgres://production',
    WEBHOOK_URL: 'https://bot.example',
    // Of its own: the copies would fill that of all tests, each run with other paths.
    NODE_COMPILE_CACHE: 'compiled',
  }
  dev = runScript([join('scripts', 'dev.ts'), '--terminal'], env, (folder) => {
    for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  })
})
afterAll(() => dev.dispose())

// Three starts of a process and two of a fresh database: half a minute on a loaded machine.
const TIMEOUT_MS = 240_000

test('dev at a terminal prints a key that works, reloads what has changed, keeps its data and ends at Ctrl-C', {
  timeout: TIMEOUT_MS,
}, async () => {
  const [, url = ''] = await dev.prints(/The functions answer at (\S+)/)
  const [key = ''] = await dev.prints(/^mluv_\S+$/m)
  expect(
    await dev.prints(/^curl .*-F audio=@scripts\/studio\/recordings\/1-shop\.ogg$/m),
  ).toBeTruthy()

  expect(dev.output()).toMatch(/^Imitated: Telegram, the recogniser, the tutor, the voice\.$/m)
  expect(dev.output()).toMatch(/^Without effect here: DATABASE_URL, WEBHOOK_URL\.$/m)

  // The first thing that is tried: the printed line by text.
  const [, typedText = ''] = /^curl .*-F "text=(.*)"$/m.exec(dev.output()) ?? []
  const { body } = await lesson(url, key, { text: typedText })
  const { corrections } = LessonBody.parse(body)
  expect([typedText, corrections.corrected_text]).toEqual([
    'Já mám rád česká jídlo.',
    'Já mám rád české jídlo.',
  ])
  expect(corrections.correctness_score).toBeLessThan(100)
  await dev.prints(/\(imitated: the tutor; it knows this sentence by heart/)

  const first = await lesson(url, key)
  expect(first).toMatchObject({ status: 200, body: { transcript: SAID, total_stars: 4 } })
  expect(dev.output()).toMatch(/\(imitated: the recogniser; it knows this recording/)

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
  // The same recording once more: a repetition earns one star.
  expect(second).toMatchObject({ status: 200, body: { total_stars: 5 } })

  dev.type('/start')
  await dev.prints(/Which language shall I explain mistakes in\?/)
  dev.type('/tap English')
  await dev.prints(/How well do you speak Czech\?/)

  const before = dev.output().length
  writeFileSync(config, `${changedSource}\nconst = 1\n`)
  await dev.prints(/SyntaxError/, before)
  writeFileSync(config, changedSource)
  await dev.prints(/The functions answer again\./, before)

  dev.signal('SIGINT')
  expect(await dev.exitCode).toBe(0)
  await expect(fetch(`${url}/health`)).rejects.toThrow()
})

const SAID = 'Včera jsem šel do obchod a koupil jsem chleba.'

const LessonBody = z.object({
  corrections: z.object({ corrected_text: z.string(), correctness_score: z.number() }),
})

/** A lesson by text, or by the first recording where none is given. */
async function lesson(
  url: string,
  key: string,
  { text }: { text?: string } = {},
): Promise<{ status: number; body: unknown }> {
  const form = new FormData()
  form.set('user_id', 'me')
  form.set('include_audio', 'false')
  const recording = readFileSync(join(ROOT, 'scripts/studio/recordings/1-shop.ogg'))
  if (text === undefined) form.set('audio', new Blob([recording]), '1-shop.ogg')
  else form.set('text', text)
  const response = await fetch(`${url}/api/v1/lessons/process`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: form,
  })
  return { status: response.status, body: await response.json() }
}

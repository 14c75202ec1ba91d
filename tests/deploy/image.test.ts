import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'
import { portFrom } from '../../scripts/studio/port.ts'
import { newPgliteFolder } from '../support/pglite-folder.ts'
import { buildImage, type Image } from './image.ts'

let image: Image
let remove: () => void
beforeAll(() => {
  ;({ image, remove } = buildImage({ SOURCE_COMMIT: '0123456789abcdef' }))
})
afterAll(() => remove())

test('the image holds what the product runs on: no test, no secret, no data, no development package', () => {
  expect(readdirSync(image.workdir).sort()).toEqual([
    '.npmrc',
    'api',
    'db',
    'lib',
    'node_modules',
    'package-lock.json',
    'package.json',
    'public',
    'scripts',
    'tsconfig.json',
    'vercel.json',
  ])
  const packages = readdirSync(join(image.workdir, 'node_modules'))
  expect(packages).toContain('zod')
  expect(packages).not.toContain('vitest')
})

test('a container of the image answers, finds itself healthy, and ends by SIGTERM, as another user than root', async () => {
  const dir = await newPgliteFolder()
  cpSync(dir, String(image.env.PGLITE_DIR), { recursive: true })
  rmSync(dir, { recursive: true })
  const port = await portFrom('0')
  const env = {
    ...image.env,
    // The node of this process stands in for the one of the base image.
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    TELEGRAM_BOT_TOKEN: '12345:a-token-of-tests',
    TELEGRAM_WEBHOOK_SECRET: 'a-webhook-secret',
    OPENAI_API_KEY: 'no-key-is-needed',
    PORT: String(port),
  }
  const options = { cwd: image.workdir, env }
  const isHealthy = () => {
    const [program = '', ...args] = image.healthCheck
    return spawnSync(program, args, options).status === 0
  }
  expect(isHealthy()).toBe(false)

  const [program = '', ...args] = image.command
  const container = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFailed(() => void container.kill('SIGKILL'))
  const exit = once(container, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: container.stdout })) {
    lines.push(line)
    if (!line.startsWith('listening on')) continue
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    expect(await health.json()).toMatchObject({ status: 'healthy', version: '0.1.0+0123456' })
    expect(isHealthy()).toBe(true)
    // It is bundled in the container.
    const page = await fetch(`http://127.0.0.1:${port}/dashboard`)
    expect(page.status).toBe(200)
    container.kill('SIGTERM')
  }
  expect([await exit, image.user]).toEqual([[0, null], 'node'])
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'stopped', all_ended: true })
})

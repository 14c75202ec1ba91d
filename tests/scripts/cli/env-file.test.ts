import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { runNode } from '../../rigs/processes.ts'

const root = resolve(import.meta.dirname, '../../..')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mluv-me-env-'))
  writeFileSync(
    join(folder, '.env'),
    `PGLITE_DIR=${folder}/from-file\nADMIN_TOKEN=a-made-up-secret\nPORT=\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs `npm run migrate -- status` as its npm script has it, with the working folder's `.env`. */
function migrateStatus(env: NodeJS.ProcessEnv) {
  const [, ...args] = packageJson.scripts.migrate
    .split(' ')
    .map((word) => word.replace(/^(\.\/)?scripts\//, join(root, 'scripts/')))
  const [script = '', ...others] = [...args, 'status']
  return runNode(script, others, env, folder)
}

test('a command reads .env and names what it took from it, never a value', async () => {
  const { code, stdout, stderr } = await migrateStatus({})
  expect([code, stderr]).toEqual([0, '.env: ADMIN_TOKEN, PGLITE_DIR\n'])
  expect(stdout).toContain(`PGlite in ${folder}/from-file: no database yet`)
})

test('what is set in the environment wins over .env', async () => {
  const { stdout, stderr } = await migrateStatus({ PGLITE_DIR: join(folder, 'set') })
  expect(stderr).toBe('.env: ADMIN_TOKEN\n')
  expect(stdout).toContain(`PGlite in ${folder}/set: no database yet`)
})

test('every npm script of an operator reads .env, and no other script does unasked', () => {
  const readers = Object.entries(packageJson.scripts).filter(([, line]) =>
    line.includes('--import ./scripts/cli/read-env-file.ts'),
  )
  expect(readers.map(([name]) => name)).toEqual([
    'start',
    'webhook',
    'migrate',
    'api-key',
    'doctor',
    'eval',
    'jobs',
    'usage',
  ])
  for (const name of ['demo', 'dev']) {
    expect(readFileSync(join(root, `scripts/${name}.ts`), 'utf8')).toContain('withEnvFile(')
  }
})

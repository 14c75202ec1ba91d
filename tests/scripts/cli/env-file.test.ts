import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
function migrateStatus(env: NodeJS.ProcessEnv, workingFolder = folder) {
  const [, ...args] = packageJson.scripts.migrate
    .split(' ')
    .map((word) => word.replace(/^(\.\/)?scripts\//, join(root, 'scripts/')))
  const [script = '', ...others] = [...args, 'status']
  return runNode(script, others, env, workingFolder)
}

/** Runs it where `.env` has this text, or is a folder. */
async function inFolderWith(
  text: string | Uint8Array | undefined,
  look: (run: Awaited<ReturnType<typeof migrateStatus>>) => Promise<void>,
): Promise<void> {
  const oddFolder = mkdtempSync(join(tmpdir(), 'mluv-me-env-'))
  try {
    if (text === undefined) mkdirSync(join(oddFolder, '.env'))
    else writeFileSync(join(oddFolder, '.env'), text)
    await look(await migrateStatus({}, oddFolder))
  } finally {
    rmSync(oddFolder, { recursive: true, force: true })
  }
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

const TEXT = 'PGLITE_DIR=from-odd-file\nPORT=1\n'
test.each<[string, string | Uint8Array, string]>([
  ['begins with a mark', `\uFEFF${TEXT}`, ''],
  ['is in UTF-16, as PowerShell writes it', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), ''],
  ['has lines that end as on an old Mac', TEXT.replaceAll('\n', '\r'), ''],
  [
    'has a line in the manner of another file',
    `${TEXT}ADMIN_TOKEN: a-made-up-secret\n`,
    '.env: line 3 is not NAME=value, and counts for nothing\n',
  ],
  ['has a value of several lines', `${TEXT}KEY="one\ntwo\nthree"\n`, ''],
])('a .env that %s is read', async (_, text, remark) => {
  const names = String(text).includes('KEY=') ? 'KEY, PGLITE_DIR, PORT' : 'PGLITE_DIR, PORT'
  await inFolderWith(text, async ({ stdout, stderr }) => {
    expect(stderr).toBe(`.env: ${names}\n${remark}`)
    expect(stdout).toContain('PGlite in from-odd-file')
  })
})

test('a folder in the place of .env ends the command with a sentence', async () => {
  await inFolderWith(undefined, async ({ code, stderr }) => {
    expect([code, stderr]).toEqual([1, '.env is a folder: remove it, or make it a file.\n'])
  })
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

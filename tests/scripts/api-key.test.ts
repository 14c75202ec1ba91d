import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { pgApiKeys } from '../../lib/adapters/postgres/api-keys.ts'
import { API_KEY } from '../../scripts/api-key.ts'
import { createPostgresDatabase } from '../rigs/postgres/postgres.ts'
import { runNode } from '../rigs/processes.ts'
import { describePostgres } from '../support/databases.ts'
import { newEmptyPgliteFolder } from '../support/pglite-folder.ts'
import { typeCommand } from '../support/terminal.ts'

const SECRET = /^mluv_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/

let env: NodeJS.ProcessEnv
beforeAll(async () => {
  // Empty: the first key may be made before the server has ever started.
  env = { PGLITE_DIR: await newEmptyPgliteFolder() }
})
afterAll(() => rmSync(String(env.PGLITE_DIR), { recursive: true, force: true }))

async function newKey(args: string): Promise<string> {
  const { stdout } = await typeCommand(API_KEY, `create ${args}`, env)
  return stdout.at(-1) ?? ''
}

async function holderOf(secret: string) {
  const database = await openDatabase({ pgliteDir: String(env.PGLITE_DIR) })
  try {
    return await pgApiKeys(database.db).authenticate(secret)
  } finally {
    await database.close()
  }
}

test('A new API key is shown once, alone on the last line, and lets its holder in', async () => {
  const { code, stdout, stderr } = await typeCommand(API_KEY, 'create --name school', env)
  expect([code, stderr]).toEqual([0, []])
  expect(stdout.filter((line) => line.includes('mluv_'))).toHaveLength(1)
  expect(stdout.at(-1)).toMatch(SECRET)
  expect(await holderOf(stdout.at(-1) ?? '')).toMatchObject({
    name: 'school',
    telegramLearners: false,
  })
})

test('An API key reaches Telegram learners only with --telegram-learners', async () => {
  const secret = await newKey('--name bridge --telegram-learners')
  expect(await holderOf(secret)).toMatchObject({ name: 'bridge', telegramLearners: true })
})

test('A taken name is refused in a sentence, and makes no API key', async () => {
  await newKey('--name twice')
  const { code, stdout, stderr } = await typeCommand(API_KEY, 'create --name twice', env)
  expect([code, stdout]).toEqual([1, []])
  expect(stderr).toEqual([
    'There is a key named "twice" already: choose another name, or revoke it.',
  ])
})

test('A revoked API key lets no caller in, and its name is free for another one', async () => {
  const secret = await newKey('--name gone')
  const revocation = await typeCommand(API_KEY, 'revoke gone', env)
  expect([revocation.code, revocation.stdout]).toEqual([0, ['Key "gone" is revoked.']])
  expect(await holderOf(secret)).toBeUndefined()
  const again = await typeCommand(API_KEY, 'revoke gone', env)
  expect([again.code, again.stdout]).toEqual([0, ['Key "gone" was already revoked.']])

  const newSecret = await newKey('--name gone')
  expect(await holderOf(newSecret)).toMatchObject({ name: 'gone' })
  expect(await holderOf(secret)).toBeUndefined()
  const { stdout } = await typeCommand(API_KEY, 'list', env)
  const names = stdout.map((line) => line.split(/ {2,}/, 1).join())
  const [prefix] = /^mluv_[0-9a-f]{8}/.exec(secret) ?? []
  expect(names.slice(-2)).toEqual([`gone (${prefix})`, 'gone'])
})

test('list and revoke make no database where there is none', async () => {
  const nowhere = { PGLITE_DIR: join(mkdtempSync(join(tmpdir(), 'mluv-me-test-')), 'none') }
  const list = await typeCommand(API_KEY, 'list', nowhere)
  expect([list.code, list.stdout.length]).toEqual([0, 1])
  const revocation = await typeCommand(API_KEY, 'revoke gone', nowhere)
  expect([revocation.code, revocation.stderr]).toEqual([
    1,
    ['There is no key named "gone": see list.'],
  ])
  expect(existsSync(nowhere.PGLITE_DIR)).toBe(false)
})

test('A rotated API key shows its new secret alone on the last line, and its list until when the old one is taken', async () => {
  const oldSecret = await newKey('--name turning')
  const { code, stdout } = await typeCommand(API_KEY, 'rotate turning', env)
  const newSecret = stdout.at(-1) ?? ''
  expect([code, newSecret]).toEqual([0, expect.stringMatching(/^mluv_[0-9a-f]{8}_[\w-]{43}$/)])
  expect(newSecret).not.toBe(oldSecret)
  const { stdout: list } = await typeCommand(API_KEY, 'list', env)
  const cells = list.find((line) => line.startsWith('turning'))?.split(/ {2,}/)
  expect(cells?.at(-2)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/)
})

test('An API key of an unknown name cannot be rotated', async () => {
  const { code, stderr } = await typeCommand(API_KEY, 'rotate nobody', env)
  expect([code, stderr]).toEqual([1, ['There is no key named "nobody" that is in use: see list.']])
})

test('An API key of an unknown name cannot be revoked', async () => {
  const { code, stderr } = await typeCommand(API_KEY, 'revoke nobody', env)
  expect([code, stderr]).toEqual([1, ['There is no key named "nobody": see list.']])
})

test('The list shows each API key and no secret', async () => {
  const day = new Date().toISOString().slice(0, 10)
  const secret = await newKey('--name a-long-name-for-a-key --telegram-learners')
  await newKey('--name last')
  await typeCommand(API_KEY, 'revoke last', env)
  const { stdout } = await typeCommand(API_KEY, 'list', env)
  expect(stdout[0]?.split(/ {2,}/)).toEqual([
    'name',
    'prefix',
    'created',
    'Telegram learners',
    'lessons today',
    'spent today',
    'learners',
    'last used',
    'old secret until',
    'revoked',
  ])
  const rows = stdout.slice(-2).map((line) => line.split(/ {2,}/))
  const prefix = secret.slice(0, 'mluv_12345678'.length)
  expect(rows).toEqual([
    ['a-long-name-for-a-key', prefix, day, 'yes', '0', '$0.000', '-', 'never', '-', 'no'],
    [
      'last',
      expect.stringMatching(/^mluv_[0-9a-f]{8}$/),
      day,
      'no',
      '0',
      '$0.000',
      '0',
      'never',
      '-',
      day,
    ],
  ])
  expect(stdout.join('\n')).not.toContain(secret)
})

test('The list shows the limits of an API key, and when it was used last', async () => {
  const secret = await newKey('--name bounded --lessons-per-day 50 --learners 7 --daily-budget 1.5')
  await holderOf(secret)
  const { stdout } = await typeCommand(API_KEY, 'list', env)
  const cells = stdout.find((line) => line.startsWith('bounded'))?.split(/ {2,}/)
  expect(cells?.slice(3)).toEqual([
    'no',
    '0 of 50',
    '$0.000 of $1.500',
    '0 of 7',
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/),
    '-',
    'no',
  ])
})

test.each([
  ['create --name a --lessons-per-day 0', '--lessons-per-day takes a whole number from 1'],
  ['create --name a --lessons-per-day ten', '--lessons-per-day takes a whole number from 1'],
  ['create --name a --lessons-per-day 1e3', '--lessons-per-day takes a whole number from 1'],
  ['create --name a --learners -1', 'argument'],
  ['create --name a --learners 1.5', '--learners takes a whole number from 1'],
  ['create --name a --daily-budget 0.029', '--daily-budget takes dollars from 0.03'],
  ['create --name a --daily-budget 1,5', '--daily-budget takes dollars'],
  ['create --name a --daily-budget $5', '--daily-budget takes dollars'],
  ['create --name a --learners 5 --telegram-learners', 'it adds none'],
  ['create', '--name NAME is missing.'],
  ['create --name', "Option '--name <value>' argument missing."],
  ['create --name=', 'A name has 1 to 100 characters, on one line.'],
  [`create --name ${'x'.repeat(101)}`, 'A name has 1 to 100 characters, on one line.'],
  ['create --name a\u0007b', 'A name has 1 to 100 characters, on one line.'],
  ['create school', "Unexpected argument 'school'."],
  ['revoke', 'Give one NAME; quote its spaces.'],
  ['revoke my school', 'Give one NAME; quote its spaces.'],
])('api-key "%s" is wrong usage', async (args, because) => {
  const { code, stdout, stderr } = await typeCommand(API_KEY, args, env)
  expect([code, stdout]).toEqual([2, []])
  expect(stderr[0]).toContain(because)
})

describePostgres('An API key made by a process', (database) => {
  test('An API key made by a process is the last line of stdout, for a script to take', async () => {
    const { code, stdout, stderr } = await runNode(
      'scripts/api-key.ts',
      ['create', '--name', 'a school in Brno'],
      { DATABASE_URL: database().url },
    )
    expect([code, stderr]).toEqual([0, ''])
    const secret = stdout.trimEnd().split('\n').at(-1) ?? ''
    expect(await pgApiKeys(database().db).authenticate(secret)).toMatchObject({
      name: 'a school in Brno',
    })
  })
})

describePostgres('A database without our tables', () => {
  test('api-key on a database without our tables says to migrate it first', async () => {
    const { url, drop } = await createPostgresDatabase()
    try {
      const { code, stderr } = await typeCommand(API_KEY, 'list', { DATABASE_URL: url })
      expect([code, stderr]).toEqual([1, [expect.stringContaining('npm run migrate -- up')]])
    } finally {
      await drop()
    }
  })
})

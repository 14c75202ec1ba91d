import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { MIGRATION_NAMES } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { holdFolder } from '../../db/pglite-lock.ts'
import { MIGRATE } from '../../scripts/migrate.ts'
import { VERCEL_BUILD } from '../../scripts/vercel-build.ts'
import { runNode } from '../rigs/processes.ts'
import { describePostgres } from '../support/databases.ts'
import { newEmptyPgliteFolder } from '../support/pglite-folder.ts'
import { typeCommand } from '../support/terminal.ts'
import { passwordAskingServer, wakingHost } from '../support/unready-servers.ts'

const newest = MIGRATION_NAMES.at(-1)
const stateOf = (state: string) => MIGRATION_NAMES.map((name) => `${name}  ${state}`)

describe('On PGlite', () => {
  let env: NodeJS.ProcessEnv
  beforeAll(async () => {
    env = { PGLITE_DIR: await newEmptyPgliteFolder() }
  })
  afterAll(() => rmSync(String(env.PGLITE_DIR), { recursive: true, force: true }))

  test('migrations run once, and status lists them before and after', async () => {
    const where = `PGlite in ${env.PGLITE_DIR}`
    const before = await typeCommand(MIGRATE, 'status', env)
    expect(before).toEqual({ code: 0, stderr: [], stdout: [where, ...stateOf('pending')] })
    const first = await typeCommand(MIGRATE, 'up', env)
    expect(first.stdout).toEqual([...stateOf('applied'), `${where}: now up to date.`])
    const secondRun = await typeCommand(MIGRATE, 'up', env)
    expect(secondRun.stdout).toEqual([`${where}: up to date.`])
    const after = await typeCommand(MIGRATE, 'status', env)
    expect(after.stdout.slice(1)).toEqual(stateOf('applied'))
  })

  test('the newest migration is taken back only with --yes, one at a time', async () => {
    await typeCommand(MIGRATE, 'up', env)
    const withoutYes = await typeCommand(MIGRATE, 'down', env)
    expect([withoutYes.code, withoutYes.stderr[0]]).toEqual([2, expect.stringContaining('--yes')])
    const back = await typeCommand(MIGRATE, 'down --yes', env)
    expect([back.code, back.stdout]).toEqual([0, [`${newest}  taken back`]])
    const status = await typeCommand(MIGRATE, 'status', env)
    expect(status.stdout.at(-1)).toBe(`${newest}  pending`)
  })

  test('migrate leaves a folder that another process holds, and names that process', async () => {
    const dir = await newEmptyPgliteFolder()
    const giveBack = holdFolder(realpathSync(dir))
    try {
      const { code, stderr } = await runNode('scripts/migrate.ts', ['up'], { PGLITE_DIR: dir })
      expect(code).toBe(1)
      expect(stderr).toMatch(new RegExp(`process ${process.pid}.*DATABASE_URL`))
    } finally {
      giveBack()
      rmSync(dir, { recursive: true })
    }
  })

  test('migrate reports a folder that cannot be made without a stack trace', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'mluv-me-test-')), 'file')
    writeFileSync(file, '')
    const { code, stderr } = await typeCommand(MIGRATE, 'up', { PGLITE_DIR: join(file, 'pg') })
    expect(code).toBe(1)
    expect(stderr).toEqual([expect.stringMatching(/cannot be made \(ENOTDIR\)/)])
  })
})

describePostgres('On PostgreSQL', (database) => {
  test('migrate takes the unpooled connection string, and does not show the password', async () => {
    const url = new URL(database().url ?? '')
    url.password = 'a-password-nobody-asks-for'
    const env = { DATABASE_URL_UNPOOLED: url.href, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }
    const { code, stdout } = await typeCommand(MIGRATE, 'status', env)
    expect(code).toBe(0)
    expect(stdout).toEqual([`PostgreSQL at ${url.host}${url.pathname}`, ...stateOf('applied')])
  })

  test.each([['DATABASE_URL'], ['POSTGRES_URL']])(
    'migrate needs no variable but %s',
    async (name) => {
      const { code, stdout } = await typeCommand(MIGRATE, 'up', { [name]: database().url })
      expect([code, stdout]).toEqual([
        0,
        [expect.stringMatching(/^PostgreSQL at .*: up to date\.$/)],
      ])
    },
  )

  test('migrate reports a missing database in a sentence', async () => {
    const url = new URL(database().url ?? '')
    url.pathname = '/no_such_database'
    const { code, stderr } = await typeCommand(MIGRATE, 'up', { DATABASE_URL: url.href })
    expect(code).toBe(1)
    expect(stderr).toEqual([
      expect.stringMatching(/"no_such_database" does not exist.*DATABASE_URL/),
    ])
  })

  test('migrate reports a server without the required encryption in a sentence', async () => {
    const { code, stderr } = await typeCommand(MIGRATE, 'up', {
      DATABASE_URL: `${database().url}?sslmode=verify-full`,
    })
    expect(code).toBe(1)
    expect(stderr).toEqual([expect.stringMatching(/encryption.*sslmode/)])
  })

  test('migrate reports a read-only server in a sentence', async () => {
    const url = new URL(database().url ?? '')
    url.searchParams.set('options', '-c default_transaction_read_only=on')
    const { code, stderr } = await typeCommand(MIGRATE, 'down --yes', { DATABASE_URL: url.href })
    expect(code).toBe(1)
    expect(stderr).toEqual([expect.stringMatching(/cannot do it now: .*read-only.*\(25006\)/)])
  })

  test('migrate does not touch a database that a later version has migrated, and status names what is unknown', async () => {
    const laterVersion = await openDatabase({ url: database().url, pgliteDir: '' })
    await sql`insert into kysely_migration (name, timestamp) values ('2099-01-01-later', '')`.execute(
      laterVersion.db,
    )
    await laterVersion.close()
    const { code, stderr } = await typeCommand(MIGRATE, 'up', { DATABASE_URL: database().url })
    expect(code).toBe(1)
    expect(stderr).toEqual([expect.stringMatching(/2099-01-01-later.*Deploy that version/)])
    const status = await typeCommand(MIGRATE, 'status', { DATABASE_URL: database().url })
    expect(status.stdout.at(-1)).toBe('2099-01-01-later  applied by a later version')
  })
})

describe('A database out of reach', () => {
  test('migrate reports a database out of reach in a sentence that says what to check, without the password', async () => {
    const port = await closedPort()
    const { code, stdout, stderr } = await typeCommand(MIGRATE, 'up', {
      DATABASE_URL: `postgres://honzik:a-database-password@127.0.0.1:${port}/mluv`,
    })
    expect([code, stdout]).toEqual([1, []])
    expect(stderr).toEqual([
      `PostgreSQL at 127.0.0.1:${port}/mluv does not answer (ECONNREFUSED). ` +
        'Check the connection string: DATABASE_URL, POSTGRES_URL, DATABASE_URL_UNPOOLED.',
    ])
  })

  test('migrate reports a pooled host whose WebSocket comes too late in a sentence', async () => {
    await using host = await wakingHost()
    const run = await host.tooLate(() => typeCommand(MIGRATE, 'up', { DATABASE_URL: host.url }))
    expect(run).toEqual({
      code: 1,
      stdout: [],
      stderr: [
        'PostgreSQL at waking-pooler.localhost/db does not answer ' +
          '(Connection terminated due to connection timeout). ' +
          'Check the connection string: DATABASE_URL, POSTGRES_URL, DATABASE_URL_UNPOOLED.',
      ],
    })
  })

  test('migrate says in a sentence that a connection string lacks the password that the server asks for', async () => {
    await using server = await passwordAskingServer()
    const { url, openSockets } = server
    const { code, stdout, stderr } = await typeCommand(MIGRATE, 'up', { DATABASE_URL: url })
    expect([code, stdout]).toEqual([1, []])
    expect(stderr).toEqual([
      expect.stringMatching(
        /^PostgreSQL at 127\.0\.0\.1:\d+\/db refuses: .*has no password, and the server asks for one\. Check the connection string: DATABASE_URL/,
      ),
    ])
    await vi.waitFor(() => expect(openSockets()).toBe(0))
  })

  test('migrate names the variable of a malformed connection string', async () => {
    const { code, stderr } = await typeCommand(MIGRATE, 'status', { DATABASE_URL: 'localhost' })
    expect(code).toBe(1)
    expect(stderr.join()).toMatch(/DATABASE_URL must be a connection string/)
  })
})

describe('A build on Vercel', () => {
  test.each([
    [{}],
    [{ VERCEL_ENV: '' }],
    [{ VERCEL_ENV: 'preview', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }],
  ])('a build on Vercel migrates nothing for %o', async (env) => {
    const { code, stdout } = await typeCommand(VERCEL_BUILD, '', env)
    expect([code, stdout]).toEqual([0, [expect.stringContaining('no migrations to run')]])
  })

  test('a build for production fails without a database, or with one that does not answer', async () => {
    const withoutDatabase = await typeCommand(VERCEL_BUILD, '', { VERCEL_ENV: 'production' })
    expect([withoutDatabase.code, withoutDatabase.stderr]).toEqual([
      1,
      [expect.stringContaining('DATABASE_URL')],
    ])
    const away = await typeCommand(VERCEL_BUILD, '', {
      VERCEL_ENV: 'production',
      DATABASE_URL: `postgres://nobody@127.0.0.1:${await closedPort()}/x`,
    })
    expect(away.code).toBe(1)
  })

  test('a build on Vercel needs no arguments and no environment', async () => {
    const { code, stderr } = await runNode('scripts/vercel-build.ts', [], { VERCEL_ENV: '' })
    expect([code, stderr]).toEqual([0, ''])
  })
})

describePostgres('A build for production', (database) => {
  test('a build for production runs the migrations', async () => {
    const env = { VERCEL_ENV: 'production', DATABASE_URL: database().url }
    await typeCommand(MIGRATE, 'down --yes', env)
    const { code, stdout } = await typeCommand(VERCEL_BUILD, '', env)
    expect([code, stdout[0]]).toEqual([0, `${newest}  applied`])
  })
})

describe('Wrong usage', () => {
  test.each(['up --yes', 'down --yes please', 'status now', 'sideways'])(
    'migrate %s ends with 2',
    async (args) => {
      const { code, stdout } = await typeCommand(MIGRATE, args, { PGLITE_DIR: '/nowhere' })
      expect([code, stdout]).toEqual([2, []])
    },
  )
})

/** A port of this machine without a listener. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('status and down make no database where there is none', async () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'mluv-me-test-')), 'none')
  const where = `PGlite in ${dir}`
  const status = await typeCommand(MIGRATE, 'status', { PGLITE_DIR: dir })
  expect([status.code, status.stdout]).toEqual([
    0,
    [`${where}: no database yet`, ...stateOf('pending')],
  ])
  const down = await typeCommand(MIGRATE, 'down --yes', { PGLITE_DIR: dir })
  expect([down.code, down.stdout]).toEqual([0, [`${where}: no migration has run.`]])
  expect(existsSync(dir)).toBe(false)
})

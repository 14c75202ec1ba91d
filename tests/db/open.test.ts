import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { driverFor, openDatabase } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import {
  isDatabaseUnavailable,
  withDatabaseErrors,
} from '../../lib/adapters/postgres/database-error.ts'
import { parseDatabaseConfig } from '../../lib/config.ts'
import { describeDatabases, describePostgres } from '../support/databases.ts'
import { newEmptyPgliteFolder } from '../support/pglite-folder.ts'
import { passwordAskingServer, wakingHost } from '../support/unready-servers.ts'

describe('The driver for a connection string', () => {
  test.each([
    [undefined, 'pglite'],
    [
      'postgres://u:p@ep-cool-a1-pooler.eu-central-1.aws.neon.tech/db?sslmode=require',
      'vercel-postgres',
    ],
    ['postgres://u:p@ep-cool-a1.eu-central-1.aws.neon.tech/db', 'pg'],
    ['postgresql://u@localhost:5432/a-pooler.db', 'pg'],
    ['postgres://u@127.0.0.1/db', 'pg'],
  ])('%s asks for the driver %s', (url, driver) => {
    expect(driverFor(url)).toBe(driver)
  })

  test('a text that is no connection string is refused', () => {
    expect(() => driverFor('localhost')).toThrow(/URL/)
  })
})

describeDatabases('A database', (database) => {
  describe('Rows', () => {
    test('rows come with the types that db/tables.ts promises', async () => {
      const { rows } = await sql<{ bytes: Uint8Array }>`
      select 9007199254740991::int8 as id, 7::int2 as small, -8::int4 as whole, null::int8 as none,
        count(*) as counted, date '2026-03-29' as day, '\\x0001ff'::bytea as bytes,
        '{"words": ["ře\\u010d", 1.5, null]}'::jsonb as jsonb, '[true]'::json as json, true as yes,
        false as no, 0.1::float8 as share, 'háček'::text as text`.execute(database().db)
      expect(rows).toEqual([
        {
          id: 9_007_199_254_740_991,
          small: 7,
          whole: -8,
          none: null,
          counted: 1,
          day: '2026-03-29',
          bytes: new Uint8Array([0, 1, 255]),
          jsonb: { words: ['řeč', 1.5, null] },
          json: [true],
          yes: true,
          no: false,
          share: 0.1,
          text: 'háček',
        },
      ])
      // Of this very class: pg's own parser would give a Buffer.
      expect(Object.getPrototypeOf(rows[0]?.bytes)).toBe(Uint8Array.prototype)
    })

    test.each(['UTC', 'Europe/Prague', 'Asia/Kolkata', 'Asia/Kathmandu', 'America/St_Johns'])(
      'an instant is the same in any time zone of the session: %s',
      async (zone) => {
        const rows = await inZone(database().db, zone)
        expect(rows).toEqual([
          { at: new Date('2026-11-23T06:15:27.123Z'), second: new Date('2026-07-01T00:00:00Z') },
        ])
      },
    )

    test('instants and bytes come back as they were given', async () => {
      const at = new Date('2026-03-29T00:59:59.999Z')
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
      const { rows } = await sql`
      select ${at}::timestamptz as at, ${bytes}::bytea as bytes, ${new Uint8Array()}::bytea as none
    `.execute(database().db)
      expect(rows).toEqual([{ at, bytes, none: new Uint8Array() }])
    })
  })

  describe('Transactions', () => {
    const open = (db: Kysely<Tables>, provider: string) =>
      db
        .insertInto('breaker')
        .values({ provider, probe_at: new Date(0) })
        .execute()

    test('a transaction that rolls back does not take the statement of another request with it', async () => {
      const { db } = database()
      const beginning = Promise.withResolvers<void>()
      const other = Promise.withResolvers<void>()
      const doomedTransaction = db.transaction().execute(async (trx) => {
        await open(trx, 'doomed')
        beginning.resolve()
        await other.promise
        // By now the other statement has been sent, if nothing holds it back.
        for (let turns = 0; turns < 3; turns += 1) await sql`select 1`.execute(trx)
        throw new Error('no')
      })
      await beginning.promise
      const keptTransaction = open(db, 'kept')
      other.resolve()
      await expect(doomedTransaction).rejects.toThrow('no')
      await keptTransaction
      const rows = await db.selectFrom('breaker').select('provider').execute()
      expect(rows).toEqual([{ provider: 'kept' }])
    })

    test('a statement that fails leaves the connection to the next ones', async () => {
      const { db } = database()
      const failing = Array.from({ length: 12 }, () => sql`select 1 / 0`.execute(db))
      const outcomes = await Promise.allSettled([...failing, sql`select 1 as one`.execute(db)])
      expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(12)
      expect(outcomes.at(-1)).toMatchObject({ value: { rows: [{ one: 1 }] } })
    })
  })
})

describePostgres('Watching', (database) => {
  test('a watcher sees each statement without its values', async () => {
    const statements: string[] = []
    const { url } = database()
    const client = await openDatabase({
      url,
      pgliteDir: '',
      onStatement: (text) => statements.push(text),
    })
    await sql`select ${'secret'}::text`.execute(client.db)
    await client.db.transaction().execute((trx) => sql`select 2`.execute(trx))
    await client.close()
    expect(statements).toEqual(['select $1::text', 'begin', 'select 2', 'commit'])
  })
})

describeDatabases(
  'A transaction whose process is frozen',
  (database) => {
    test('a transaction that waits too long for its next statement is ended, and gives its locks back', async () => {
      const url = new URL(database().url ?? '')
      if (database().driver === 'vercel-postgres') url.hostname = 'test-pooler.localhost'
      const frozen = await openDatabase({ url: url.href, pgliteDir: '', transactionIdleMs: 50 })
      expect(frozen.driver).toBe(database().driver)
      const takesTurn = (db: Kysely<Tables>) =>
        db.updateTable('duty').set({ done_at: new Date() }).where('name', '=', 'alert').execute()
      const otherTurn = Promise.withResolvers<void>()
      const outcome = frozen.db.transaction().execute(async (transaction) => {
        await takesTurn(transaction)
        // It waits for the lock, as another process would, and not for this transaction's process.
        await takesTurn(database().db)
        otherTurn.resolve()
        await takesTurn(transaction)
      })
      await expect(outcome).rejects.toSatisfy(isDatabaseUnavailable)
      await otherTurn.promise
      await frozen.close()
    })

    test('a transaction is bounded also at a stricter isolation, and nothing is outside of it', async () => {
      const { db } = database()
      const bound = sql<{ value: string }>`
        select current_setting('idle_in_transaction_session_timeout') as value`
      const within = await db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute((transaction) => bound.execute(transaction))
      const outside = await db.connection().execute((connection) => bound.execute(connection))
      expect([within.rows, outside.rows]).toEqual([[{ value: '10s' }], [{ value: '0' }]])
    })
  },
  ['pg', 'vercel-postgres'],
)

describePostgres('A path gone silent', (database) => {
  test('a path gone silent costs the statements on it, and no connection for longer', async () => {
    const { port, goSilent, stop } = await pathTo(database().url ?? '')
    const url = new URL(database().url ?? '')
    url.host = `127.0.0.1:${port}`
    const { db, close } = await openDatabase({
      url: url.href,
      pgliteDir: '',
      queryTimeoutMs: 1_000,
    })
    const ask = () => sql`select 1`.execute(db)
    const askTenTimes = () => Promise.allSettled(Array.from({ length: 10 }, ask))
    const failuresOf = (outcomes: PromiseSettledResult<unknown>[]) =>
      outcomes.filter(({ status }) => status === 'rejected').length

    expect(failuresOf(await askTenTimes())).toBe(0)
    goSilent(true)
    expect(failuresOf(await askTenTimes())).toBe(10)
    goSilent(false)
    expect(failuresOf(await askTenTimes())).toBe(0)
    await close()
    stop()
  })
})

/** A way to PostgreSQL on which answers can be lost. */
async function pathTo(url: string) {
  const { hostname, port: upstreamPort } = new URL(url)
  let isSilent = false
  const server = createServer((socket) => {
    const upstream = connect(Number(upstreamPort || 5432), hostname)
    socket.on('data', (bytes) => upstream.write(bytes))
    upstream.on('data', (bytes) => isSilent || socket.write(bytes))
    for (const [end, otherEnd] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      end.on('error', () => otherEnd.destroy())
      end.on('close', () => otherEnd.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const goSilent = (silent: boolean) => {
    isSilent = silent
  }
  return { port, goSilent, stop: () => server.close() }
}

function inZone(db: Kysely<Tables>, zone: string) {
  return db.transaction().execute(async (trx) => {
    await sql`set local time zone ${sql.lit(zone)}`.execute(trx)
    const { rows } = await sql`
      select '2026-11-23 06:15:27.123+00'::timestamptz as at,
        '2026-07-01 00:00+00'::timestamptz as second`.execute(trx)
    return rows
  })
}

describeDatabases(
  'A session',
  (database) => {
    test.each([
      ["datestyle = 'German, DMY'"],
      ["datestyle = 'SQL, DMY'"],
      ["bytea_output = 'escape'"],
      ["intervalstyle = 'iso_8601'"],
    ])(
      'a client of a database with %s reads days, instants and bytes as any other',
      async (setting) => {
        const { db, driver, url } = database()
        const address = new URL(url ?? '')
        if (driver === 'vercel-postgres') address.hostname = 'test-pooler.localhost'
        const name = sql.id(address.pathname.slice(1))
        await sql`alter database ${name} set ${sql.raw(setting)}`.execute(db)
        const { db: fresh, close } = await openDatabase({ url: address.href, pgliteDir: '' })
        const { rows } = await sql`select date '2026-03-29' as day, '\\x0001ff'::bytea as bytes,
        timestamptz '2026-11-23 06:15:27.123Z' as at, interval '90 seconds' as wait`.execute(fresh)
        expect(rows).toEqual([
          {
            day: '2026-03-29',
            bytes: new Uint8Array([0, 1, 255]),
            at: new Date('2026-11-23T06:15:27.123Z'),
            wait: '00:01:30',
          },
        ])
        await close()
        await sql`alter database ${name} reset all`.execute(db)
      },
    )
  },
  ['pg', 'vercel-postgres'],
)

describe('A connection by WebSocket that does not come about in time', () => {
  test('a connection by WebSocket that comes too late is a timeout to its caller, and the process lives on', async () => {
    await using host = await wakingHost()
    const { url } = host
    const { db, close } = await openDatabase({ url, pgliteDir: '', connectTimeoutMs: 50 })

    const ask = () => sql`select 1`.execute(db)
    await expect(ask()).rejects.toThrow('connection timeout')
    await expect(withDatabaseErrors({ ask }).ask()).rejects.toMatchObject({
      code: 'database-unavailable',
    })

    await close()
  })
})

describe('A connection string without a password, where the server asks for one', () => {
  test('a missing password is an outage that says so at once, and leaves no connection behind', async () => {
    await using server = await passwordAskingServer()
    const { db, close } = await openDatabase({ url: server.url, pgliteDir: '' })

    const ask = () => sql`select 1`.execute(db)
    await expect(ask()).rejects.toThrow('has no password, and the server asks for one')
    await expect(withDatabaseErrors({ ask }).ask()).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('28P01'),
    })
    await vi.waitFor(() => expect(server.openSockets()).toBe(0))

    await close()
  })
})

describe('A PGlite folder', () => {
  const base = mkdtempSync(join(tmpdir(), 'mluv-me-test-'))
  afterAll(() => rmSync(base, { recursive: true }))

  test('a PGlite folder is the same through a link to it', async () => {
    const dir = join(base, 'real')
    renameSync(await newEmptyPgliteFolder(), dir)
    symlinkSync(dir, join(base, 'link'))
    const { close, db } = await openDatabase({ pgliteDir: join(base, 'link') })
    await sql`create table found (it text)`.execute(db)
    await close()
    const secondOpening = await openDatabase({ pgliteDir: dir })
    expect((await sql`select from found`.execute(secondOpening.db)).rows).toEqual([])
    await secondOpening.close()
  })

  test.each([
    [
      'a link to nowhere',
      () => symlinkSync(join(base, 'gone'), join(base, 'x1')),
      'x1',
      /cannot be made/,
    ],
    ['a file', () => writeFileSync(join(base, 'x2'), ''), 'x2', /cannot be made/],
    [
      'a database of another version',
      () => {
        mkdirSync(join(base, 'x3'))
        writeFileSync(join(base, 'x3', 'PG_VERSION'), '16\n')
      },
      'x3',
      /damaged, or of another version/,
    ],
  ])(
    'a PGlite folder that is %s is refused in a sentence, and is not held',
    async (_, make, name, reason) => {
      make()
      const opening = () => openDatabase({ pgliteDir: join(base, name) })
      await expect(opening()).rejects.toThrow(reason)
      await expect(opening()).rejects.toThrow(reason)
    },
  )
})

describePostgres('A socket', (database) => {
  test('a socket that the query of a connection string names is connected to', async () => {
    const { url } = database()
    const { pathname, username, password } = new URL(url ?? '')
    const { rows } = await sql<{ dir: string }>`
      select split_part(current_setting('unix_socket_directories'), ',', 1) as dir`.execute(
      database().db,
    )
    const asWritten = `postgres://${username}:${password}@${pathname}?host=${rows[0]?.dir}`
    const normalisedUrl = parseDatabaseConfig({ DATABASE_URL: asWritten }).url
    if (!existsSync(join(rows[0]?.dir ?? '', '.s.PGSQL.5432'))) return
    const { db, close } = await openDatabase({ url: normalisedUrl, pgliteDir: '' })
    expect((await sql`select inet_server_addr() is null as is_local`.execute(db)).rows).toEqual([
      { is_local: true },
    ])
    await close()
  })
})

import { createServer } from 'node:net'
import { type Kysely, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../db/open.ts'
import type { Tables } from '../../../db/tables.ts'
import { pgApiKeys } from '../../../lib/adapters/postgres/api-keys.ts'
import { withDatabaseErrors } from '../../../lib/adapters/postgres/database-error.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import { describeDatabases, describePostgres } from '../../support/databases.ts'
import { newJob } from '../../support/jobs.ts'

const unavailable = { name: 'AppError', code: 'database-unavailable' }

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

describeDatabases('A database that answers', (database) => {
  test('a database that refuses a statement is not called unavailable', async () => {
    const { db } = database()
    const store = withDatabaseErrors({
      insertTwice: () =>
        sql`insert into breaker values ('a', now(), now()), ('a', now(), now())`.execute(db),
      divideByZero: () => sql`select 1 / 0`.execute(db),
      throwOwnError: async () => {
        throw new TypeError('ours')
      },
    })
    await expect(store.insertTwice()).rejects.toMatchObject({ code: '23505' })
    await expect(store.divideByZero()).rejects.toMatchObject({ code: '22012' })
    await expect(store.throwOwnError()).rejects.toThrow(TypeError)
  })

  test('a guarded store gives what it gives without the guard', async () => {
    const store = withDatabaseErrors({ ...pgInbox(database().db, { leaseSeconds: 20 }), plan: 5 })
    const job = newJob()
    expect(await store.add(job)).toBe('stored')
    expect(await store.claim(job.lane, 'lesson')).toMatchObject({ kind: 'claimed' })
    expect(store.plan).toBe(5)
  })
})

/** Raises an error of this SQLSTATE on the server. */
function raise(db: Kysely<Tables>, sqlstate: string) {
  return sql.raw(`do $$ begin raise exception using errcode = '${sqlstate}'; end $$`).execute(db)
}

describeDatabases('A database that cannot do it now', (database) => {
  test.each([
    ['08006', 'the connection has failed'],
    ['25006', 'it is read-only: a standby, or a failover'],
    ['25P03', 'the session was idle in a transaction for too long'],
    ['28P01', 'the password is being changed'],
    ['3D000', 'the database is being moved'],
    ['53100', 'the disk is full'],
    ['53200', 'memory is short'],
    ['53300', 'no connection is left'],
    ['55P03', 'another session has the lock'],
    ['57014', 'the statement was cancelled, or took too long'],
    ['57P01', 'the server is being shut down'],
    ['57P03', 'the server is starting'],
    ['57P05', 'the session was idle for too long'],
    ['58030', 'the machine cannot read or write'],
  ])('a database that cannot work now is unavailable: %s, %s', async (sqlstate) => {
    const store = withDatabaseErrors({ work: () => raise(database().db, sqlstate) })
    await expect(store.work()).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining(`The database cannot be used now: ${sqlstate}`),
      cause: { code: sqlstate },
    })
  })

  test.each(['22P02', '23505', '25P02', '54000', 'P0001', 'XX000'])(
    'a database that answers %s is not called unavailable: that is a bug',
    async (sqlstate) => {
      const store = withDatabaseErrors({ work: () => raise(database().db, sqlstate) })
      await expect(store.work()).rejects.toMatchObject({ name: 'error', code: sqlstate })
    },
  )

  test.each([
    ['42P01', 'npm run migrate'],
    ['42703', 'npm run migrate'],
    ['28P01', 'check DATABASE_URL'],
    ['3D000', 'check DATABASE_URL'],
  ])('a database that an operator must fix says so: %s, %s', async (sqlstate, words) => {
    const store = withDatabaseErrors({ work: () => raise(database().db, sqlstate) })
    await expect(store.work()).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining(words),
    })
  })

  test.each(['40001', '40P01'])(
    'what a database has rolled back by %s is done again, up to three times',
    async (sqlstate) => {
      const { db } = database()
      let failures = 2
      const store = withDatabaseErrors({
        async work(value: string) {
          failures -= 1
          if (failures >= 0) await raise(db, sqlstate)
          return value
        },
      })
      expect(await store.work('done')).toBe('done')
      expect(failures).toBe(-1)
      failures = 3
      await expect(store.work('done')).rejects.toMatchObject(unavailable)
      expect(failures).toBe(0)
    },
  )
})

describe('A database that is away', () => {
  test.each([
    ['pg', (port: number) => `postgres://u@127.0.0.1:${port}/db`],
    ['vercel-postgres', (port: number) => `postgres://u@test-pooler.localhost:${port}/db`],
  ])('a database where nothing listens is unavailable (%s)', async (driver, url) => {
    const client = await openDatabase({ url: url(await closedPort()), pgliteDir: '' })
    expect(client.driver).toBe(driver)
    const learners = withDatabaseErrors(pgLearners(client.db))
    await expect(learners.findByTelegramId(1)).rejects.toMatchObject({
      ...unavailable,
      cause: { message: expect.stringMatching(/ECONNREFUSED|ENOTFOUND/) },
    })
    await client.close()
  })

  test('a database whose host has no address is unavailable', async () => {
    const url = 'postgres://u@nowhere.invalid/db'
    const { db, close } = await openDatabase({ url, pgliteDir: '' })
    const inbox = withDatabaseErrors(pgInbox(db, { leaseSeconds: 20 }))
    await expect(inbox.add(newJob())).rejects.toMatchObject(unavailable)
    await close()
  })

  test('a database whose socket file is not there is unavailable', async () => {
    const url = 'postgres://u@%2Fnowhere/db'
    const { db, close } = await openDatabase({ url, pgliteDir: '' })
    const inbox = withDatabaseErrors(pgInbox(db, { leaseSeconds: 20 }))
    await expect(inbox.add(newJob())).rejects.toMatchObject({
      ...unavailable,
      cause: { code: 'ENOENT' },
    })
    await close()
  })

  test.each([
    ['no network leads to it', 'ENETUNREACH', 'connect'],
    ['this process has no more sockets', 'EMFILE', 'connect'],
    ['its connection was broken off', 'ECONNABORTED', 'write'],
    ['the resolver has failed', 'EAI_FAIL', 'getaddrinfo'],
    ['its driver tells no more than a code', 'ECONNREFUSED', undefined],
    ['its certificate is over', 'CERT_HAS_EXPIRED', undefined],
    ['its certificate is of no known authority', 'SELF_SIGNED_CERT_IN_CHAIN', undefined],
    ['it speaks no TLS', 'ERR_SSL_WRONG_VERSION_NUMBER', undefined],
  ])('a database is unavailable where %s (%s)', async (_, code, syscall) => {
    const error = Object.assign(new Error('no'), { code, ...(syscall && { syscall }) })
    const store = withDatabaseErrors({ work: () => Promise.reject(error) })
    await expect(store.work()).rejects.toMatchObject(unavailable)
  })

  test('a database whose server hangs up is unavailable', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const url = `postgres://u@127.0.0.1:${port}/db`
    const { db, close } = await openDatabase({ url, pgliteDir: '' })
    const keys = withDatabaseErrors(pgApiKeys(db))
    const secret = `mluv_00000000_${'a'.repeat(43)}`
    await expect(keys.authenticate(secret)).rejects.toMatchObject(unavailable)
    await close()
    server.close()
  })
})

/** Asks again while the database is unavailable, and only then. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    expect(error).toMatchObject(unavailable)
    return untilAnswered(ask)
  }
}

describeDatabases(
  'A connection',
  (database) => {
    test('a connection that ends while a transaction waits for something else fails that transaction only', async () => {
      const { db } = database()
      const store = withDatabaseErrors({
        endOwnConnection: () =>
          db.transaction().execute(async (trx) => {
            const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
            await sql`select pg_terminate_backend(${rows[0]?.pid}::integer)`.execute(db)
            for (;;) await sql`select 1`.execute(trx)
          }),
        work: () => sql`select 1 as one`.execute(db),
      })
      await expect(store.endOwnConnection()).rejects.toMatchObject(unavailable)
      expect(await untilAnswered(store.work)).toMatchObject({ rows: [{ one: 1 }] })
    })
  },
  ['pg', 'vercel-postgres'],
)

describePostgres('A server', (database) => {
  test('a server that has become a standby is not asked again on its old connections', async () => {
    const url = database().url
    const { db, close } = await openDatabase({ url, pgliteDir: '' })
    const store = withDatabaseErrors({
      connection: () => sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db),
      write: () => sql`insert into breaker values ('standby', now(), now())`.execute(db),
    })
    const { rows: rowsBefore } = await store.connection()
    await sql`set default_transaction_read_only = on`.execute(db)
    await expect(store.write()).rejects.toMatchObject({ ...unavailable, cause: { code: '25006' } })
    await store.write()
    expect((await store.connection()).rows).not.toEqual(rowsBefore)
    await close()
  })

  test('a server that ends a connection in the middle of a statement is unavailable, and then there again', async () => {
    const { db } = database()
    const store = withDatabaseErrors({
      wait: () => sql`select pg_sleep(60)`.execute(db),
      work: () => sql`select 1 as one`.execute(db),
    })
    const failedWait = expect(store.wait()).rejects.toMatchObject(unavailable)
    let endedCount = 0
    while (endedCount === 0) {
      const { rows } = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like '%pg_sleep(60)%'
          and pid <> pg_backend_pid()`.execute(db)
      endedCount = rows.length
    }
    await failedWait
    expect(await untilAnswered(store.work)).toMatchObject({ rows: [{ one: 1 }] })
  })

  test('a server that has closed its idle connections is there again, and the process lives', async () => {
    const idleErrors: Error[] = []
    const notice = Promise.withResolvers<void>()
    const { url } = database()
    const client = await openDatabase({
      url,
      pgliteDir: '',
      onIdleError(error) {
        idleErrors.push(error)
        notice.resolve()
      },
    })
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(client.db)
    await sql`select pg_terminate_backend(${rows[0]?.pid}::integer)`.execute(database().db)
    await notice.promise
    expect(idleErrors).toHaveLength(1)
    const store = withDatabaseErrors({ work: () => sql`select 1 as one`.execute(client.db) })
    expect(await store.work()).toMatchObject({ rows: [{ one: 1 }] })
    await client.close()
  })
})

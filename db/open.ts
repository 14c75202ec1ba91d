import { attachDatabasePool } from '@vercel/functions/db-connections'
import { type Dialect, Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import type { Tables } from './tables.ts'

export type Driver = 'pglite' | 'vercel-postgres' | 'pg'

export type Database = {
  db: Kysely<Tables>
  driver: Driver
  close(): Promise<void>
}

export type DatabaseOptions = {
  /** PostgreSQL connection string; none means PGlite in `pgliteDir`. */
  url?: string | undefined
  /** A folder, or `memory://`. */
  pgliteDir: string
  /** How long one statement may take before its connection is given up; default 15 s. */
  queryTimeoutMs?: number
  /** How long a connection may take to come about; default 5 s. */
  connectTimeoutMs?: number
  /** How long a transaction may wait for its next statement before the server ends it; default 10 s. */
  transactionIdleMs?: number
  /** Called for a connection that fails while idle; the pool replaces it. */
  onIdleError?: (error: Error) => void
  /** Called with each statement when it has ended, well or not; on PGlite without BEGIN and COMMIT. */
  onStatement?: (sql: string, durationMs: number) => void
}

/** Connections of one process: a function instance serves many requests, each for milliseconds. */
const MAX_CONNECTIONS = 10
const IDLE_TIMEOUT_MS = 5_000
const CONNECT_TIMEOUT_MS = 5_000
/** Of one statement: on a path gone silent nothing else would end the wait. */
const QUERY_TIMEOUT_MS = 15_000
/**
 * Of a transaction, between two statements: one that is left open by a frozen process, or by a machine that is gone, keeps
 * its locks from every other process. Less than a lease lasts, after which another process takes the job.
 */
const TRANSACTION_IDLE_MS = 10_000

/**
 * Opens the database that the URL asks for: none is PGlite, a pooled Neon host (`-pooler.`) is
 * `@vercel/postgres`, any other is `pg`. All three return the same row types (db/tables.ts).
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const driver = driverFor(options.url)
  const { dialect, release } = await dialects[driver](options)
  const { onStatement } = options
  const db = new Kysely<Tables>({
    dialect,
    ...(onStatement && {
      log: ({ query, queryDurationMillis }) => onStatement(query.sql, queryDurationMillis),
    }),
  })
  return {
    db,
    driver,
    async close() {
      await db.destroy()
      await release()
    },
  }
}

/** The driver that a connection string asks for. */
export function driverFor(url: string | undefined): Driver {
  if (url === undefined) return 'pglite'
  return new URL(url).hostname.includes('-pooler.') ? 'vercel-postgres' : 'pg'
}

type Opened = { dialect: Dialect; release: () => Promise<void> }

const dialects: Record<Driver, (options: DatabaseOptions) => Promise<Opened>> = {
  async pglite({ pgliteDir }) {
    const { pgliteDialect } = await import('./pglite.ts')
    return pgliteDialect(pgliteDir, parsers)
  },
  async 'vercel-postgres'(options) {
    const { createNeonPool } = await import('./vercel-postgres.ts')
    const pool = createNeonPool(poolOptions(options))
    attachDatabasePool({
      options: { idleTimeoutMillis: IDLE_TIMEOUT_MS },
      // Its types leave this event out; the pool within emits it.
      on: (event: 'release', listener: () => void) => {
        Reflect.apply(pool.on, pool, [event, listener])
      },
    })
    return openPool(pool, options)
  },
  async pg(options) {
    const { createPgPool } = await import('./pg.ts')
    const pool = createPgPool(poolOptions(options))
    attachDatabasePool(pool)
    return openPool(pool, options)
  },
}

function poolOptions({
  url,
  queryTimeoutMs = QUERY_TIMEOUT_MS,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
}: DatabaseOptions) {
  return {
    connectionString: url ?? '',
    max: MAX_CONNECTIONS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    types: { getTypeParser },
    verify: setUpSession,
  }
}

/**
 * What the parsers below rely on, also where the database or the role has other defaults. Once a connection, before
 * its first statement: a startup parameter would be refused by poolers.
 */
const SESSION = "set datestyle to 'ISO'; set intervalstyle to 'postgres'; set bytea_output to 'hex'"

function setUpSession(
  client: { query(sql: string, done: (error?: Error) => void): void },
  done: (error?: Error) => void,
): void {
  client.query(SESSION, done)
}

type Pool = {
  connect(): Promise<PostgresPoolClient>
  end(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'connect', listener: (client: Client) => void): unknown
}
type Client = { on(event: 'error', listener: () => void): unknown }

function openPool(
  pool: Pool,
  { onIdleError, transactionIdleMs = TRANSACTION_IDLE_MS }: DatabaseOptions,
): Opened {
  // Without a listener, a server that closes an idle connection would end the process.
  pool.on('error', (error) => onIdleError?.(error))
  // And so would one that closes a connection while it is lent, which the pool does not listen to; the
  // next statement on it fails.
  pool.on('connect', (client) => client.on('error', () => {}))
  const connect = async () =>
    withBoundedTransactions(endedWhenUseless(await pool.connect()), transactionIdleMs)
  const connections = { options: {}, connect, end: () => pool.end() }
  return { dialect: new PostgresDialect({ pool: connections }), release: async () => {} }
}

const QUERY_TIMEOUT_MESSAGE = 'Query read timeout'
const READ_ONLY = '25006'

/**
 * A connection that can no longer be used is ended when it is given back: one on which an answer is overdue, for
 * it may still come, and one whose server has become a standby, which would refuse every write to it.
 */
function endedWhenUseless(client: PostgresPoolClient): PostgresPoolClient {
  let isUseless = false
  const query = (sql: string, parameters: readonly unknown[]) =>
    client.query(sql, parameters).catch((error: unknown) => {
      const isReadOnly = error instanceof Error && 'code' in error && error.code === READ_ONLY
      isUseless ||=
        isReadOnly || (error instanceof Error && error.message === QUERY_TIMEOUT_MESSAGE)
      throw error
    })
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy || isUseless),
  }
}

const BEGINNING = /^(begin|start transaction)\b/

/**
 * A connection whose transactions the server ends when no statement follows in time. Said with each BEGIN, in the same round
 * trip, because behind a pooler in transaction mode a session's settings may be another client's.
 */
function withBoundedTransactions(client: PostgresPoolClient, idleMs: number): PostgresPoolClient {
  const bound = `set local idle_in_transaction_session_timeout = ${idleMs}`
  const query = async (sql: string, parameters: readonly unknown[]) => {
    if (!BEGINNING.test(sql)) return client.query(sql, parameters)
    // Of two statements in one text there are two results.
    const results: unknown = await client.query(`${sql}; ${bound}`, parameters)
    return Array.isArray(results) ? results[0] : results
  }
  return {
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
  }
}

// Ids and sums stay far below 2^53. Days are strings: as Date they would shift with the time zone.
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't',
  17: (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
  20: Number,
  21: Number,
  23: Number,
  701: Number,
  1082: (text) => text,
  1184: (text) => new Date(isoTimestamp(text)),
  114: (text) => JSON.parse(text),
  3802: (text) => JSON.parse(text),
}

function getTypeParser(oid: number): (value: string | Buffer) => unknown {
  const parse = parsers[oid] ?? ((text) => text)
  return (value) => parse(String(value))
}

// PostgreSQL's `2026-11-23 06:15:27.1+00` as ISO 8601.
function isoTimestamp(text: string): string {
  return text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
}

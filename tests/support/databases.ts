import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { neonConfig } from '@neondatabase/serverless'
import pg from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { type Database, type Driver, openDatabase } from '../../db/open.ts'
import { listenLocally } from '../rigs/listening.ts'
import { createMigratedPostgresDatabase, TEST_POSTGRES_URL } from '../rigs/postgres/postgres.ts'
import { newPgliteFolder } from './pglite-folder.ts'

const isReal = await answers(TEST_POSTGRES_URL)

/**
 * Describes facts that hold on every driver: PGlite always, `pg` and `@vercel/postgres` where a real
 * PostgreSQL answers. Where none does they are reported as skipped; under CI that is a failure.
 */
export function describeDatabases(
  title: string,
  body: (database: () => TestDatabase) => void,
  drivers: readonly Driver[] = ['pglite', 'pg', 'vercel-postgres'],
): void {
  for (const driver of drivers) {
    const isMissing = driver !== 'pglite' && !isReal
    if (isMissing && process.env.CI !== undefined) {
      throw new Error(`No PostgreSQL answers at TEST_POSTGRES_URL: CI insists on one.`)
    }
    describe.skipIf(isMissing)(`${title} (${driver})`, () => {
      let database: TestDatabase
      beforeAll(async () => {
        database = await openTestDatabase(driver)
      })
      afterAll(() => database.close())
      body(() => database)
    })
  }
}

/** The body runs on real PostgreSQL only: facts about concurrency, which PGlite cannot have. */
export function describePostgres(
  title: string,
  body: (database: () => TestDatabase) => void,
): void {
  describeDatabases(title, body, ['pg'])
}

export type TestDatabase = Database & { url: string | undefined }

/** A migrated database of its own for one test file, dropped at `close`. */
export async function openTestDatabase(driver: Driver): Promise<TestDatabase> {
  if (driver === 'pglite') {
    const dir = await newPgliteFolder()
    const database = await openDatabase({ pgliteDir: dir })
    return {
      ...database,
      url: undefined,
      async close() {
        await database.close()
        rmSync(dir, { recursive: true, force: true })
      },
    }
  }
  const { url, drop } = await createMigratedPostgresDatabase()
  const stopProxy = driver === 'vercel-postgres' ? await startWebSocketProxy(url) : async () => {}
  const targetUrl = new URL(url)
  if (driver === 'vercel-postgres') targetUrl.hostname = 'test-pooler.localhost'
  const database = await openDatabase({ url: targetUrl.href, pgliteDir: '' })
  if (database.driver !== driver) throw new Error(`Opened ${database.driver}, not ${driver}.`)
  return {
    ...database,
    url,
    async close() {
      await database.close()
      await stopProxy()
      await drop()
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    // The one place that finds out whether there is a server.
    return false
  }
}

/** What Neon's driver speaks on Vercel: PostgreSQL's protocol inside a WebSocket. */
async function startWebSocketProxy(postgresUrl: string): Promise<() => Promise<void>> {
  const { hostname, port } = new URL(postgresUrl)
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    const stream = createWebSocketStream(socket)
    const upstream = connect(Number(port || 5432), hostname)
    stream.on('error', () => upstream.destroy())
    upstream.on('error', () => stream.destroy())
    stream.pipe(upstream).pipe(stream)
  })
  const proxyPort = await listenLocally(server)
  neonConfig.wsProxy = () => `127.0.0.1:${proxyPort}/`
  neonConfig.useSecureWebSocket = false
  neonConfig.pipelineTLS = false
  neonConfig.pipelineConnect = false
  return async () => {
    for (const client of sockets.clients) client.terminate()
    await new Promise((resolve) => server.close(resolve))
  }
}

import { mkdirSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import type { DatabaseConnection, Dialect, Driver } from 'kysely'
import { PGliteDialect } from 'kysely'
import { holdFolder } from './pglite-lock.ts'

/**
 * PostgreSQL inside this process, on a folder that no other process has, or in memory.
 *
 * Throws when another process holds the folder, saying which.
 */
export async function pgliteDialect(
  dir: string,
  parsers: Readonly<Record<number, (text: string) => unknown>>,
): Promise<{ dialect: Dialect; release: () => Promise<void> }> {
  const inMemory = dir.startsWith('memory://')
  if (!inMemory) mkdirSync(dir, { recursive: true })
  const releaseFolder = inMemory ? () => {} : holdFolder(dir)
  const pglite = new PGlite(dir, { parsers: { ...parsers } })
  return {
    dialect: oneAtATime(new PGliteDialect({ pglite })),
    async release() {
      if (!pglite.closed) await pglite.close()
      releaseFolder()
    },
  }
}

/**
 * Lets one user at a time have PGlite's only connection.
 *
 * Kysely's own dialect hands the connection to everybody: a statement of one request would run
 * inside the open transaction of another, and vanish when that one rolls back.
 */
function oneAtATime(dialect: PGliteDialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => queued(dialect.createDriver()),
  }
}

function queued(driver: Driver): Driver {
  let last: Promise<void> = Promise.resolve()
  const freeing = new Map<DatabaseConnection, () => void>()
  return {
    init: (options) => driver.init(options),
    async acquireConnection(options) {
      const previous = last
      const turn = Promise.withResolvers<void>()
      last = previous.then(() => turn.promise)
      await previous
      const connection = await driver.acquireConnection(options)
      freeing.set(connection, turn.resolve)
      return connection
    },
    async releaseConnection(connection) {
      await driver.releaseConnection(connection)
      freeing.get(connection)?.()
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    destroy: (options) => driver.destroy(options),
  }
}

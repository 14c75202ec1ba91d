import { mkdirSync, realpathSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { type Dialect, PGliteDialect } from 'kysely'
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
  // By its real name: through a link it is the same folder.
  const releaseFolder = inMemory ? () => {} : holdFolder(realpathSync(dir))
  const pglite = new PGlite(dir, { parsers: { ...parsers } })
  return {
    // Kysely lends its only connection to one user at a time, a transaction to its end.
    dialect: new PGliteDialect({ pglite }),
    async release() {
      if (!pglite.closed) await pglite.close()
      releaseFolder()
    },
  }
}

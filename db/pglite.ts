import { mkdirSync, realpathSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { type Dialect, PGliteDialect } from 'kysely'
import { holdFolder } from './pglite-lock.ts'

type Parsers = Readonly<Record<number, (text: string) => unknown>>

/**
 * PostgreSQL inside this process, on a folder that no other process has, or in memory.
 *
 * Throws in one sentence where the folder cannot be made, is no database of PGlite's, or is held by another process,
 * saying by which.
 */
export async function pgliteDialect(
  dir: string,
  parsers: Parsers,
): Promise<{ dialect: Dialect; release: () => Promise<void> }> {
  if (dir.startsWith('memory://')) {
    const pglite = await PGlite.create(dir, { parsers: { ...parsers } })
    return { dialect: new PGliteDialect({ pglite }), release: () => closed(pglite) }
  }
  // By its real name: through a link it is the same folder, and PGlite does not follow one.
  const folder = madeFolder(dir)
  const releaseFolder = holdFolder(folder)
  const pglite = await openFolder(folder, parsers).catch((error: unknown) => {
    releaseFolder()
    throw error
  })
  return {
    // Kysely lends its only connection to one user at a time, a transaction to its end.
    dialect: new PGliteDialect({ pglite }),
    async release() {
      await closed(pglite)
      releaseFolder()
    },
  }
}

function madeFolder(dir: string): string {
  try {
    mkdirSync(dir, { recursive: true })
    return realpathSync(dir)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    throw new Error(
      `The database folder ${dir} cannot be made (${code}): set PGLITE_DIR to a folder that can.`,
      { cause: error },
    )
  }
}

async function openFolder(folder: string, parsers: Parsers): Promise<PGlite> {
  try {
    return await PGlite.create(folder, { parsers: { ...parsers } })
  } catch (error) {
    throw new Error(
      `The database folder ${folder} is damaged, or of another version of PGlite. ` +
        'Set PGLITE_DIR to an empty folder, or put a copy of its data there.',
      { cause: error },
    )
  }
}

async function closed(pglite: PGlite): Promise<void> {
  if (!pglite.closed) await pglite.close()
}

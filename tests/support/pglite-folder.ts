import { appendFileSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { migrateUp } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { MIGRATIONS_HASH } from '../rigs/postgres/migrations-hash.ts'

const version = packageJson.dependencies['@electric-sql/pglite']
/** PGlite's own 128 MB are filled at each opening, which takes half of its time; a test's rows need little. */
const SHARED_BUFFERS = '4MB'
const emptyTemplate = join(
  tmpdir(),
  `mluv-me-pglite-${version}-${SHARED_BUFFERS}-${userInfo().username}`,
)
const migratedTemplate = `${emptyTemplate}-${MIGRATIONS_HASH}`

/**
 * A folder with a PGlite database that has all tables, for the caller to remove.
 *
 * PGlite takes 2 to 8 s to make a database and half a second to migrate it, so one is made per version,
 * machine and set of migrations, and copied.
 */
export function newPgliteFolder(): Promise<string> {
  return copyOf(migratedTemplate, () =>
    makeTemplate(migratedTemplate, newEmptyPgliteFolder, migrateUp),
  )
}

/** A folder with a PGlite database without a table, for the caller to remove. */
export function newEmptyPgliteFolder(): Promise<string> {
  return copyOf(emptyTemplate, () => makeTemplate(emptyTemplate, async () => newFolder(), connect))
}

async function copyOf(template: string, make: () => Promise<void>): Promise<string> {
  if (!existsSync(template)) await make()
  const dir = newFolder()
  cpSync(template, dir, { recursive: true })
  return dir
}

// Renamed when it is whole: no test copies half of it.
async function makeTemplate(
  template: string,
  begin: () => Promise<string>,
  prepare: (db: Kysely<Tables>) => Promise<unknown>,
): Promise<void> {
  const dir = await begin()
  const database = await openDatabase({ pgliteDir: dir })
  await prepare(database.db)
  await database.close()
  // Of several lines the last one counts.
  appendFileSync(join(dir, 'postgresql.conf'), `shared_buffers = ${SHARED_BUFFERS}\n`)
  try {
    renameSync(dir, template)
  } catch (error) {
    // Another test file was faster.
    rmSync(dir, { recursive: true, force: true })
    if (!existsSync(template)) throw error
  }
}

// PGlite makes its database when it is first asked for something.
async function connect(db: Kysely<Tables>): Promise<void> {
  await db.selectNoFrom((eb) => eb.lit(1).as('ready')).execute()
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'mluv-me-test-'))
}

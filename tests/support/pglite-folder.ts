import {
  appendFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
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
  `mluv-me-pglite-${version}-slim2-${SHARED_BUFFERS}-${userInfo().username}`,
)
const migratedTemplate = `${emptyTemplate}-${MIGRATIONS_HASH}`

/**
 * A folder with a PGlite database that has all tables, for the caller to remove.
 *
 * PGlite takes 2 to 8 s to make a database and half a second to migrate it, so one is made per version,
 * machine and set of migrations, and copied. Copying took a quarter of the tests' time, so the copied one is slim: a fifth of its bytes and
 * of its files.
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
  for (const segment of walSegmentsOf(dir)) truncateSync(segment, WAL_SEGMENT_BYTES)
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
  await dropUnusedDatabases(database.db)
  await beginWalSegment(database.db)
  await database.close()
  keepUsedWal(dir)
  removeMaps(dir)
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

/** The databases that PostgreSQL makes others from; PGlite has one only. */
async function dropUnusedDatabases(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select datname as name from pg_database where datname <> current_database()`.execute(db)
  for (const { name } of rows) {
    await sql`alter database ${sql.id(name)} is_template false`.execute(db)
    await sql`drop database ${sql.id(name)}`.execute(db)
  }
}

const WAL_SEGMENT_BYTES = 16 * 1024 * 1024
/** What the checkpoint at the end of a new segment takes is below 1 kB. */
const USED_WAL_BYTES = 64 * 1024

/** Lets the write-ahead log go on in a segment in which nothing is written yet. */
async function beginWalSegment(db: Kysely<Tables>): Promise<void> {
  await sql`checkpoint`.execute(db)
  await sql`select pg_switch_wal()`.execute(db)
  await sql`checkpoint`.execute(db)
}

/** Leaves what was written of the newest segment; a copy gets the rest back, as a hole that takes no time. */
function keepUsedWal(dir: string): void {
  const [currentSegment, ...recycledSegments] = walSegmentsOf(dir)
  for (const segment of recycledSegments) rmSync(segment)
  if (currentSegment !== undefined) truncateSync(currentSegment, USED_WAL_BYTES)
}

/** The files of the write-ahead log, oldest first: those behind the current one are old ones, renamed to be written next. */
function walSegmentsOf(dir: string): string[] {
  const wal = join(dir, 'pg_wal')
  const names = readdirSync(wal).filter((name) => /^[0-9A-F]{24}$/.test(name))
  return names.sort().map((name) => join(wal, name))
}

/** Removes a third of all files: maps of free and of visible space, which PostgreSQL makes anew where it misses them. */
function removeMaps(dir: string): void {
  for (const name of globSync('{base/*,global}/*_{fsm,vm}', { cwd: dir })) rmSync(join(dir, name))
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'mluv-me-test-'))
}

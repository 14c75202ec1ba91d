import { sql } from 'kysely'
import { ENCODING, pendingMigrations } from '../../db/migrate.ts'
import { ConfigError } from '../../lib/config.ts'
import { type Check, type Finding, fail, ok, unseen, warn } from './check.ts'
import type { DatabaseFacts, Facts } from './facts.ts'

const MIN_VERSION = 15
/** Clocks that are kept by NTP differ by milliseconds. */
const CLOCK_WARN_SECONDS = 5
const CLOCK_FAIL_SECONDS = 60

const CHECK_URL =
  'check DATABASE_URL (or POSTGRES_URL), and that the server is up; on Vercel: Project > Storage'

type State = {
  version_number: number
  version: string
  is_read_only: boolean
  encoding: string
  may_write: boolean
}

export const database: Check = {
  async look({ database }) {
    const { config } = database
    if (config instanceof ConfigError) return unseen('config')
    if (!database.isMade) {
      return warn(`there is none yet in ${config.pgliteDir}`, 'npm start, which makes it')
    }
    try {
      return await state(database)
    } catch (error) {
      // That it cannot be used is the finding.
      const found = database.problemOf(error).replace(/ Check the connection string.*$/, '')
      return fail(found, CHECK_URL)
    }
  },
}

async function state({ open }: DatabaseFacts): Promise<Finding> {
  const { db, driver } = await open()
  const connected = sql`select 1`
  await connected.execute(db)
  const startedAt = performance.now()
  const { rows } = await sql<State>`
    select current_setting('server_version_num')::integer as version_number,
      current_setting('server_version') as version,
      current_setting('transaction_read_only') = 'on' or pg_is_in_recovery() as is_read_only,
      current_setting('server_encoding') as encoding,
      has_schema_privilege(current_schema(), 'usage') and coalesce(
        has_table_privilege(to_regclass('inbox'), 'insert, update, delete'), true) as may_write
    `.execute(db)
  const roundTripMs = Math.round(performance.now() - startedAt)
  const [row] = rows
  if (row === undefined) throw new Error('A select without a table has one row.')
  if (row.version_number < MIN_VERSION * 10_000) {
    return fail(
      `PostgreSQL ${row.version}, and ${MIN_VERSION} is needed`,
      'move to a newer server: pg_dump, then psql',
    )
  }
  if (row.encoding !== ENCODING) {
    return fail(
      `encoded in ${row.encoding}, and lessons need ${ENCODING}`,
      `create database NAME encoding '${ENCODING}' template template0`,
    )
  }
  if (row.is_read_only) return fail('read-only: a standby?', CHECK_URL)
  if (!row.may_write) return fail('this role may not write', 'grant all on all tables to the role')
  return ok(`PostgreSQL ${row.version} by ${driver}, writable, ${roundTripMs} ms`)
}

/** Looks at the tables; a database that cannot be asked has been found by `database`, missing tables by `migrations`. */
export async function lookAtTables(
  { database }: Facts,
  look: (db: Awaited<ReturnType<DatabaseFacts['open']>>['db']) => Promise<Finding>,
): Promise<Finding> {
  if (database.config instanceof ConfigError || !database.isMade) return unseen('database')
  try {
    return await look((await database.open()).db)
  } catch (error) {
    const isUnmigrated =
      error instanceof Error && 'code' in error && UNMIGRATED.test(`${error.code}`)
    return unseen(isUnmigrated ? 'migrations' : 'database')
  }
}

/** SQLSTATE: a table or a column is not there. */
const UNMIGRATED = /^(42P01|42703)$/

export const migrations: Check = {
  needs: ['database'],
  look: (facts) =>
    lookAtTables(facts, async (db) => {
      const pending = await pendingMigrations(db)
      return pending.length === 0
        ? ok('up to date')
        : fail(`${pending.length} pending: ${pending.join(', ')}`, 'npm run migrate -- up')
    }),
}

export const clock: Check = {
  needs: ['database'],
  look: (facts) =>
    lookAtTables(facts, async (db) => {
      const before = facts.now().getTime()
      const { rows } = await sql<{ ms: number }>`
        select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(db)
      const middle = (before + facts.now().getTime()) / 2
      const seconds = Math.abs(middle - (rows[0]?.ms ?? middle)) / 1_000
      const words = `${seconds.toFixed(1)} s from the database's`
      if (seconds < CLOCK_WARN_SECONDS) return ok(words)
      const fix = 'timedatectl set-ntp true, on the machine that is wrong'
      return seconds < CLOCK_FAIL_SECONDS ? warn(words, fix) : fail(words, fix)
    }),
}

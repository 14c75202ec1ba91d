import { sql } from 'kysely'
import { migrationState } from '../../db/migrate.ts'
import { serverState } from '../../lib/adapters/postgres/checks.ts'
import { CHECK_URL, judgeMigrations, judgeServer } from '../../lib/app/check/database.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import { type Check, type Finding, fail, ok, unseen, warn } from './check.ts'
import type { DatabaseFacts, Facts } from './facts.ts'

/** Clocks that are kept by NTP differ by milliseconds. */
const CLOCK_WARN_SECONDS = 5
const CLOCK_FAIL_SECONDS = 60

export const database: Check = {
  async look({ database }) {
    const { config } = database
    if (config instanceof ConfigError) return unseen('config')
    if (!database.isMade) {
      return warn(`there is none yet in ${config.pgliteDir}`, 'npm start, which makes it')
    }
    try {
      const { db, driver } = await database.open()
      return judgeServer({ ...(await serverState(db)), driver })
    } catch (error) {
      // That it cannot be used is the finding.
      const description = database.problemOf(error).replace(/ Check the connection string.*$/, '')
      return fail(description, CHECK_URL)
    }
  },
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
      const { pending, later } = await migrationState(db)
      const finding = judgeMigrations(pending, later)
      return finding.status === 'FAIL' && isMigratedElsewhere(facts.database)
        ? { ...finding, fix: ELSEWHERE }
        : finding
    }),
}

const ELSEWHERE =
  'npm run migrate -- up, once DATABASE_URL_UNPOOLED leads to the same database as DATABASE_URL'

/** Tells whether migrations may be run on another database than this: where the name differs, or the host but for the pooler. */
function isMigratedElsewhere({ config }: DatabaseFacts): boolean {
  if (config instanceof ConfigError) return false
  const { url, unpooledUrl } = config
  return url !== undefined && unpooledUrl !== undefined && placeOf(url) !== placeOf(unpooledUrl)
}

function placeOf(url: string): string {
  const { hostname, pathname, searchParams } = new URL(url)
  return `${searchParams.get('host') ?? hostname.replace('-pooler.', '.')}${pathname}`
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

import { type Kysely, sql } from 'kysely'
import { compareMigrations, ENCODING, pendingMigrations } from '../../../db/migrate.ts'
import type { Tables } from '../../../db/tables.ts'
import type { DatabaseHealth, DatabaseRefusal } from '../../app/health.ts'
import { SOURCES, type SourcePrefix } from '../../app/jobs/sources.ts'
import type { Stage } from '../../app/usage.ts'
import { IS_STALE, STAGE } from './breaker.ts'
import { isUnmigrated, refusalOf } from './database-error.ts'
import { IS_HEAD, OLDEST_DUE_SECONDS } from './lane-heads.ts'

/**
 * Looks at migrations and inbox in one statement. What an operator has to fix is a finding; throws where the
 * database does not answer.
 */
export async function databaseHealth(
  db: Kysely<Tables>,
): Promise<DatabaseHealth | DatabaseRefusal> {
  try {
    return await look(db)
  } catch (error) {
    // Before a migration there is nothing to count, and that is a finding, as is a refusal.
    const refusal = refusalOf(error)
    if (isUnmigrated(error)) {
      const settings = await serverSettings(db)
      const pending = await pendingMigrations(db)
      return { pendingMigrations: pending, ...serverFindings(settings), inbox: undefined }
    }
    if (refusal !== undefined) return { refusal }
    throw error
  }
}

/** The stage that lessons can do without: no job is parked for it, so that the row of its breaker may stay when no lesson asks any more. */
const SPEAK = 'speak' satisfies Stage

const RETRIED_SOURCES = Object.keys(SOURCES).filter(
  (prefix) => SOURCES[prefix as SourcePrefix].retries,
)

// Failing jobs are put in order before any is compared with its lane, so that the first head ends the search.
const OLDEST_DELAY = sql`(
  select json_build_object('seconds', round(extract(epoch from now() - received_at)),
    'reason', split_part(last_error, ':', 1))
  from (
    select id, lane, received_at, last_error from inbox
    where state = 'waiting' and last_error is not null and not parked
    order by received_at offset 0
  ) as job
  where ${IS_HEAD} limit 1)`

async function look(db: Kysely<Tables>): Promise<DatabaseHealth> {
  const { rows } = await sql<Row>`
    with migration as (select coalesce(json_agg(name), '[]') as names from kysely_migration)
    select (select names from migration) as migrations,
      ${SERVER_SETTINGS},
      (select count(*) from inbox where state = 'dead') as dead,
      (select count(*) from inbox
        where state = 'dead' and finished_at > now() - interval '1 hour'
          and split_part(source, ':', 1) in (${sql.join(RETRIED_SOURCES)})) as died_last_hour,
      (select coalesce(json_agg(json_build_object('stage', split_part(provider, ' ', 1),
        'reason', reason) order by opened_at), '[]') from breaker
        where ${STAGE} <> ${SPEAK} or not ${IS_STALE}) as blocked_stages,
      count(*) as waiting,
      count(*) filter (where parked) as parked,
      ${OLDEST_DUE_SECONDS} as oldest_due_seconds,
      ${OLDEST_DELAY} as oldest_delay
    from inbox where state = 'waiting'`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('An aggregate without groups has one row.')
  const { pending, later } = compareMigrations(row.migrations)
  return {
    pendingMigrations: pending,
    ...(later.length > 0 && { laterMigrations: later }),
    ...serverFindings(row),
    inbox: {
      waiting: row.waiting,
      parked: row.parked,
      dead: row.dead,
      diedLastHour: row.died_last_hour,
      oldestDueSeconds: Math.round(row.oldest_due_seconds),
      oldestDelay: row.oldest_delay,
      blockedStages: row.blocked_stages,
    },
  }
}

const SERVER_SETTINGS = sql`current_setting('transaction_read_only') = 'on' as is_read_only,
      current_setting('server_encoding') as encoding`

/** What says of a database without our tables whether it could ever hold lessons: migrations stop at it. */
async function serverSettings(db: Kysely<Tables>): Promise<ServerSettings> {
  const { rows } = await sql<ServerSettings>`select ${SERVER_SETTINGS}`.execute(db)
  const [settings] = rows
  if (settings === undefined) throw new Error('A select without a table has one row.')
  return settings
}

function serverFindings(settings: ServerSettings) {
  return {
    ...(settings.is_read_only && { isReadOnly: true as const }),
    ...(settings.encoding !== ENCODING && { wrongEncoding: settings.encoding }),
  }
}

type ServerSettings = { is_read_only: boolean; encoding: string }

type Row = ServerSettings & {
  migrations: string[]
  dead: number
  died_last_hour: number
  blocked_stages: { stage: string; reason: string }[]
  waiting: number
  parked: number
  oldest_due_seconds: number
  oldest_delay: { seconds: number; reason: string } | null
}

import { type Kysely, sql } from 'kysely'
import { ENCODING, MIGRATION_NAMES, pendingMigrations } from '../../../db/migrate.ts'
import type { Tables } from '../../../db/tables.ts'
import type { DatabaseHealth, DatabaseRefusal } from '../../app/health.ts'
import { SOURCES, type SourcePrefix } from '../../app/jobs/sources.ts'
import type { Stage } from '../../app/usage.ts'
import { IS_STALE, STAGE } from './breaker.ts'
import { isUnmigrated, refusalOf } from './database-error.ts'

/**
 * Looks at migrations and inbox in one statement. What an operator has to put right is a finding; throws where the
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
      return { pendingMigrations: await pendingMigrations(db), inbox: undefined }
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

async function look(db: Kysely<Tables>): Promise<DatabaseHealth> {
  // A job behind another one of its lane waits for that one alone: only the heads of lanes count as due.
  const { rows } = await sql<Row>`
    with migration as (select coalesce(json_agg(name), '[]') as names from kysely_migration),
    waiting as (
      select due_at, received_at, parked, last_error, id = min(id) over (partition by lane) as is_head,
        lease_until is null or lease_until < now() as is_free
      from inbox where state = 'waiting'
    )
    select (select names from migration) as migrations,
      current_setting('transaction_read_only') = 'on' as is_read_only,
      current_setting('server_encoding') as encoding,
      (select count(*) from inbox where state = 'dead') as dead,
      (select count(*) from inbox
        where state = 'dead' and finished_at > now() - interval '1 hour'
          and split_part(source, ':', 1) in (${sql.join(RETRIED_SOURCES)})) as died_last_hour,
      (select coalesce(json_agg(json_build_object('stage', split_part(provider, ' ', 1),
        'reason', reason) order by opened_at), '[]') from breaker
        where ${STAGE} <> ${SPEAK} or not ${IS_STALE}) as blocked_stages,
      count(*) as waiting,
      count(*) filter (where parked) as parked,
      coalesce(extract(epoch from now() - min(due_at)
        filter (where due_at <= now() and is_head and is_free)), 0)::float8 as oldest_due_seconds,
      (select json_build_object('seconds', round(extract(epoch from now() - received_at)),
          'reason', split_part(last_error, ':', 1))
        from waiting where is_head and not parked and last_error is not null
        order by received_at limit 1) as oldest_delay
    from waiting`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('An aggregate without groups has one row.')
  return {
    pendingMigrations: MIGRATION_NAMES.filter((name) => !row.migrations.includes(name)),
    ...(row.is_read_only && { isReadOnly: true }),
    ...(row.encoding !== ENCODING && { wrongEncoding: row.encoding }),
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

type Row = {
  migrations: string[]
  is_read_only: boolean
  encoding: string
  dead: number
  died_last_hour: number
  blocked_stages: { stage: string; reason: string }[]
  waiting: number
  parked: number
  oldest_due_seconds: number
  oldest_delay: { seconds: number; reason: string } | null
}

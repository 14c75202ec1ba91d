import { type Kysely, sql } from 'kysely'
import { ENCODING, MIGRATION_NAMES } from '../../../db/migrate.ts'
import type { Tables } from '../../../db/tables.ts'
import type { DatabaseHealth } from '../../app/health.ts'

/** PostgreSQL's name for a table that is not there: no migration has run yet. */
const UNDEFINED_TABLE = '42P01'

/** Looks at migrations and inbox in one statement. Throws where the database does not answer. */
export async function databaseHealth(db: Kysely<Tables>): Promise<DatabaseHealth> {
  try {
    const { rows } = await sql<Row>`
      select (select coalesce(json_agg(name), '[]') from kysely_migration) as migrations,
        current_setting('transaction_read_only') = 'on' as is_read_only,
        current_setting('server_encoding') as encoding,
        (select count(*) from inbox where state = 'dead') as dead,
        count(*) as waiting,
        count(*) filter (where parked) as parked,
        coalesce(extract(epoch from now() - min(due_at) filter (where due_at <= now())), 0)::float8
          as oldest_due_seconds
      from inbox where state = 'waiting'`.execute(db)
    const [row] = rows
    if (row === undefined) throw new Error('An aggregate without groups has one row.')
    return {
      pendingMigrations: MIGRATION_NAMES.filter((name) => !row.migrations.includes(name)),
      ...(row.is_read_only && { isReadOnly: true }),
      ...(row.encoding !== ENCODING && { wrongEncoding: row.encoding }),
      waiting: row.waiting,
      parked: row.parked,
      dead: row.dead,
      oldestDueSeconds: Math.round(row.oldest_due_seconds),
    }
  } catch (error) {
    // Before the first migration there is nothing to count, and that is a finding.
    if (!(error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE)) throw error
    const counts = { waiting: 0, parked: 0, dead: 0, oldestDueSeconds: 0 }
    return { pendingMigrations: [...MIGRATION_NAMES], ...counts }
  }
}

type Row = {
  migrations: string[]
  is_read_only: boolean
  encoding: string
  dead: number
  waiting: number
  parked: number
  oldest_due_seconds: number
}

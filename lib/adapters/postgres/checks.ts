import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { ServerState } from '../../app/check/database.ts'
import type { DutyAge } from '../../app/check/work.ts'

type StateRow = Omit<ServerState, 'driver' | 'roundTripMs'>

/** Asks the server what it is. The first statement is not timed: it may have to connect. */
export async function serverState(
  db: Kysely<Tables>,
): Promise<StateRow & Pick<ServerState, 'roundTripMs'>> {
  await sql`select 1`.execute(db)
  const startedAt = performance.now()
  const { rows } = await sql<StateRow>`
    select current_setting('server_version_num')::integer as "versionNumber",
      current_setting('server_version') as version,
      current_setting('transaction_read_only') = 'on' or pg_is_in_recovery() as "isReadOnly",
      current_setting('server_encoding') as encoding,
      has_schema_privilege(current_schema(), 'usage') and coalesce(
        has_table_privilege(to_regclass('inbox'), 'insert, update, delete'), true) as "mayWrite"
    `.execute(db)
  const roundTripMs = Math.round(performance.now() - startedAt)
  const [row] = rows
  if (row === undefined) throw new Error('A select without a table has one row.')
  return { ...row, roundTripMs }
}

/** When each duty was done last. */
export async function dutyAges(db: Kysely<Tables>): Promise<DutyAge[]> {
  const { rows } = await sql<DutyAge>`
    select name, extract(epoch from now() - done_at)::float8 as seconds from duty`.execute(db)
  return rows
}

/** What the present UTC day has cost so far, in dollars. */
export async function spentTodayUsd(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ spentMicroUsd: number }>`
    select coalesce(sum(spent_micro_usd), 0)::float8 as "spentMicroUsd" from budget_day
    where day = (now() at time zone 'UTC')::date`.execute(db)
  return (rows[0]?.spentMicroUsd ?? 0) / 1e6
}

/** How many stored messages cannot be read. */
export async function poisonCount(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from inbox where state = 'poison'`.execute(db)
  return rows[0]?.count ?? 0
}

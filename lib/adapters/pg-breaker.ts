import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import type { Breaker } from '../app/ports.ts'

/** How often one lesson may find out whether an exhausted provider has quota again. */
export const PROBE_INTERVAL = '5 minutes'

/** The breaker of OpenAI's quota: a row while it is open. */
export function pgBreaker(db: Kysely<Tables>): Breaker {
  return {
    async open() {
      await sql`
        insert into breaker (provider, probe_at) values ('openai', now() + ${PROBE_INTERVAL}::interval)
        on conflict (provider) do nothing`.execute(db)
    },
    async close() {
      const { rows } = await sql<{ lane: string }>`
        with closed as (delete from breaker where provider = 'openai' returning provider),
        freed as (
          update inbox set due_at = now(), parked = false from closed
          where state = 'waiting' and parked returning lane
        )
        select distinct lane from freed`.execute(db)
      return rows.map((row) => row.lane)
    },
  }
}

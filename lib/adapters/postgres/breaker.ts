import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Breaker } from '../../app/jobs/breaker.ts'
import { TIMINGS } from '../../app/jobs/timings.ts'

/** How often one lesson may find out whether an exhausted provider has quota again. */
export const PROBE_INTERVAL = `${TIMINGS.parkMs} milliseconds`

/** Lanes woken at once when the breaker closes: a provider that has come back is not to be flooded. */
const WOKEN_LANES = 20

/** The breaker of the provider's quota: a row while it is open. */
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
        select distinct lane from freed limit ${WOKEN_LANES}`.execute(db)
      return rows.map((row) => row.lane)
    },
  }
}

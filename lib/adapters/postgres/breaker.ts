import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Breaker } from '../../app/jobs/breaker.ts'
import { TIMINGS } from '../../app/jobs/timings.ts'
import type { Stage } from '../../app/usage.ts'

/** Lanes woken at once when a breaker closes: a provider that has come back is not to be flooded. */
const WOKEN_LANES = 20

const FIRST_PROBE = sql`${TIMINGS.probeFirstMs}::float8 * interval '1 millisecond'`

/** When the probe after this one is: the wait doubles. Of a row of the breaker's table. */
export const NEXT_PROBE = sql`now() + least(${TIMINGS.probeMaxMs}::float8,
  ${TIMINGS.probeFirstMs}::float8 * 2 ^ (breaker.probes + 1)) * interval '1 millisecond'`

/** The stage of a row of the breaker's table. */
export const STAGE = sql`split_part(breaker.provider, ' ', 1)`

/** The breakers in PostgreSQL: a row while one is open. `vendorOf` names who a stage asks. */
export function pgBreaker(
  db: Kysely<Tables>,
  vendorOf: (stage: Stage) => string = () => 'its vendor',
): Breaker {
  return {
    async open(stage, reason) {
      const { rows } = await sql<{ is_new: boolean; probe_in_ms: number }>`
        insert into breaker (provider, reason, probe_at)
        values (${`${stage} ${vendorOf(stage)}`}, ${reason}, now() + ${FIRST_PROBE})
        on conflict (provider) do update set reason = excluded.reason
        returning opened_at = now() as is_new,
          (extract(epoch from probe_at - now()) * 1000)::float8 as probe_in_ms`.execute(db)
      const [row] = rows
      return { isNew: row?.is_new === true, probeInMs: Math.max(0, row?.probe_in_ms ?? 0) }
    },
    async close(stages) {
      const { rows } = await sql<{ lane: string }>`
        with closed as (
          delete from breaker where ${STAGE} in (${sql.join(stages)}) returning provider
        ),
        freed as (
          update inbox set due_at = now(), parked = false
          where state = 'waiting' and parked and exists (select from closed) returning lane
        )
        select distinct lane from freed limit ${WOKEN_LANES}`.execute(db)
      return rows.map((row) => row.lane)
    },
  }
}

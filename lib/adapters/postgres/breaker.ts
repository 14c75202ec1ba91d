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

/**
 * No lesson has found its provider refusing for long: another process may have found it willing, or none has asked. Of a row
 * of the breaker's table.
 */
export const IS_STALE = sql`breaker.probe_at < now() - ${3 * TIMINGS.probeMaxMs}::float8 * interval '1 millisecond'`

/** The stage of a row of the breaker's table. */
export const STAGE = sql`split_part(breaker.provider, ' ', 1)`

/** The breakers in PostgreSQL: a row while one is open. `vendorOf` names who a stage asks. */
export function pgBreaker(
  db: Kysely<Tables>,
  vendorOf: (stage: Stage) => string = () => 'its vendor',
): Breaker {
  return {
    async open(stage, reason) {
      const provider = `${stage} ${vendorOf(stage)}`
      // Two refusals may come at the same moment of the clock: only the one that makes the row is new, or that finds it stale.
      const { rows } = await sql<{ is_new: boolean; probe_in_ms: number }>`
        with stale as (select from breaker where provider = ${provider} and ${IS_STALE})
        insert into breaker (provider, reason, probe_at)
        values (${provider}, ${reason}, now() + ${FIRST_PROBE})
        on conflict (provider) do update set reason = excluded.reason,
          opened_at = case when ${IS_STALE} then now() else breaker.opened_at end,
          probe_at = case when ${IS_STALE} then excluded.probe_at else breaker.probe_at end,
          probes = case when ${IS_STALE} then 0 else breaker.probes end
        returning xmax = 0 or (opened_at = now() and exists (select from stale)) as is_new,
          (extract(epoch from probe_at - now()) * 1000)::float8 as probe_in_ms`.execute(db)
      const [row] = rows
      return { isNew: row?.is_new === true, probeInMs: Math.max(0, row?.probe_in_ms ?? 0) }
    },
    async probe(stage) {
      const { rows } = await sql<{ is_probe: boolean; is_open: boolean }>`
        with probing as (
          update breaker set probe_at = ${NEXT_PROBE}, probes = breaker.probes + 1
          where ${STAGE} = ${stage} and probe_at <= now() returning provider
        )
        select exists (select from probing) as is_probe,
          exists (select from breaker where ${STAGE} = ${stage}) as is_open`.execute(db)
      if (rows[0]?.is_probe) return 'probe'
      return rows[0]?.is_open ? 'blocked' : 'closed'
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

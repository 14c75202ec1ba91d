import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { MetricSum, Metrics, MetricsSnapshot } from '../../app/metrics/metrics.ts'
import { OLDEST_DUE_SECONDS } from './lane-heads.ts'
import { sumsSince } from './tally.ts'

/**
 * The metrics in PostgreSQL. Sums are read by one statement, which sees what was measured either by its row or in the tally. None reads a
 * table that grows with the lessons.
 */
export function pgMetrics(db: Kysely<Tables>): Metrics {
  return {
    async read() {
      const [sums, gauges] = await Promise.all([readSums(db), readGauges(db)])
      return { sums, ...gauges }
    },
  }
}

async function readSums(db: Kysely<Tables>): Promise<MetricSum[]> {
  const { rows } = await sql<MetricSum>`
    select name, labels, le, value, sum_ms as "sumMs" from (${sumsSince('all')}) as sums
    order by name, labels, le`.execute(db)
  return rows
}

async function readGauges(db: Kysely<Tables>): Promise<Omit<MetricsSnapshot, 'sums'>> {
  const { rows } = await sql<GaugeRow>`
    with unfinished as (
      select count(*) filter (where not parked) as waiting, count(*) filter (where parked) as parked
      from inbox where state = 'waiting'
    ), active as (
      select count(*) filter (where run_to >= today) as day,
        count(*) filter (where run_to > today - 7) as week, count(*) as month
      from learner, (select (now() at time zone 'UTC')::date as today) as calendar
      where run_to > today - 30
    )
    select waiting, parked, day, week, month,
      (select count(*) from inbox where state = 'dead') as dead,
      (select count(*) from inbox where state = 'poison') as poison,
      ${OLDEST_DUE_SECONDS} as oldest_due_seconds
    from unfinished, active`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('Aggregates without groups have one row.')
  const { waiting, parked, dead, poison, day, week, month, oldest_due_seconds } = row
  return {
    inbox: { jobs: { waiting, parked, dead, poison }, oldestDueSeconds: oldest_due_seconds },
    learners: { '1d': day, '7d': week, '30d': month },
  }
}

type GaugeRow = Record<
  'waiting' | 'parked' | 'dead' | 'poison' | 'day' | 'week' | 'month' | 'oldest_due_seconds',
  number
>

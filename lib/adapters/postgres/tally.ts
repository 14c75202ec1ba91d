import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { TallyTable } from '../../../db/tables/operation.ts'
import type { Tables } from '../../../db/tables.ts'
import { CLOSED_AFTER_MS, type Tally } from '../../app/metrics/tally.ts'
import { samplesOf } from './measurement.ts'

/** Hours are looked back on for 30 days, days for a year. */
const KEEP_HOURS = '60 days'
const KEEP_DAYS = '400 days'

/** What is measured from here on stays where it is, and is counted by rows. */
const FIRST_OPEN_HOUR = sql`date_trunc('hour', now() - ${CLOSED_AFTER_MS}::float8 * interval '1 millisecond', 'UTC')`

/**
 * The tally in PostgreSQL. A row is deleted by the very statement that adds it, so that each is counted once, by the first run that adds it and
 * however that ends; a row that comes to light late is added to its own hour by the next job.
 */
export function pgTally(db: Kysely<Tables>): Tally {
  return {
    async isDue() {
      const { rows } = await sql<{ is_due: boolean }>`
        select exists (select from measurement where at < ${FIRST_OPEN_HOUR}) as is_due`.execute(db)
      return rows[0]?.is_due === true
    },

    async add(limit) {
      const { rows } = await sql<{ rows: number }>`
        with ended as (
          delete from measurement where id in (
            select id from measurement where at < ${FIRST_OPEN_HOUR}
            order by at limit ${limit} for update skip locked)
          returning at, samples
        ), added as (
          insert into tally (grain, start, name, labels, le, value, sum_ms)
          select grain, start, name, labels, le, sum(value), sum(sum_ms)
          from (${samplesOf(sql`ended`)}) as sample, lateral (values
            ('hour', date_trunc('hour', at, 'UTC')),
            ('day', date_trunc('day', at, 'UTC')),
            ('all', '-infinity'::timestamptz)) as period (grain, start)
          group by grain, start, name, labels, le
          -- In one order, so that two runs at once wait for each other and never in a circle.
          order by grain, start, name, labels, le
          on conflict (grain, start, name, labels, le) do update
            set value = tally.value + excluded.value, sum_ms = tally.sum_ms + excluded.sum_ms
        )
        select count(*) as rows from ended`.execute(db)
      return rows[0]?.rows ?? 0
    },

    async prune(limit) {
      const oldest = (grain: TallyTable['grain'], age: string) => sql`
        (select ctid from tally where grain = ${grain} and start < now() - ${age}::interval
          order by start limit ${limit})`
      // By their places: nothing changes a sum as old as that, and a plan by key may read the whole table.
      await sql`
        delete from tally where ctid = any (array(
          ${oldest('hour', KEEP_HOURS)} union all ${oldest('day', KEEP_DAYS)}))`.execute(db)
    },
  }
}

/**
 * A query of what was measured by hour, by day or altogether, since a time of the database's, this moment included: start, name,
 * labels, le, value, sum_ms as of `TallyTable`.
 */
export function sumsSince(
  grain: TallyTable['grain'],
  since: RawBuilder<unknown> = sql`'-infinity'`,
): RawBuilder<unknown> {
  const start =
    grain === 'all' ? sql`'-infinity'::timestamptz` : sql`date_trunc(${grain}, at, 'UTC')`
  return sql`
    select start, name, labels, le, sum(value)::bigint as value, sum(sum_ms)::bigint as sum_ms
    from (
      select start, name, labels, le, value, sum_ms from tally
      where grain = ${grain} and start >= ${since}
      union all
      select ${start}, name, labels, le, value, sum_ms from (${samplesOf(sql`measurement`)}) as sample
      where ${start} >= ${since}
    ) as sums
    group by start, name, labels, le`
}

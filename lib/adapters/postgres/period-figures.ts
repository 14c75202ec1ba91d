import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { LearnerFigures, Period, PeriodFigures } from '../../app/dashboard/dashboard.ts'
import { figuresOf, type MeasuredSum } from '../../app/dashboard/figures.ts'
import { samplesOf } from './measurement.ts'

/** What a period is made of: so many hours or UTC days, the present one among them. */
const SPANS: Readonly<Record<Period, { grain: 'hour' | 'day'; count: number; days: number }>> = {
  '24h': { grain: 'hour', count: 24, days: 1 },
  '7d': { grain: 'day', count: 7, days: 7 },
  '30d': { grain: 'day', count: 30, days: 30 },
}
const WEEKS = 8

/** Sums a period up, from the tally of the hours that are over and the measurements that are not yet in it. */
export async function periodFigures(db: Kysely<Tables>, period: Period): Promise<PeriodFigures> {
  const { grain, count, days } = SPANS[period]
  const [{ rows: starts }, learners] = await Promise.all([
    startsOf(db, grain, count),
    learnerFigures(db, days),
  ])
  const times = starts.map(({ start }) => start)
  const [first] = times
  const sums = first === undefined ? [] : await measuredSince(db, grain, first)
  return { ...figuresOf(sums, times), learners }
}

/** By the database's clock, as everything that is measured. */
function startsOf(db: Kysely<Tables>, grain: 'hour' | 'day', count: number) {
  return sql<{ start: Date }>`
    select date_trunc(${grain}, now(), 'UTC') - n * ${`1 ${grain}`}::interval as start
    from generate_series(${count - 1}::integer, 0, -1) as n`.execute(db)
}

async function measuredSince(
  db: Kysely<Tables>,
  grain: 'hour' | 'day',
  since: Date,
): Promise<MeasuredSum[]> {
  const recent = sql`(select * from measurement where at >= ${since})`
  // Of stages only the whole period is shown, and they have the most buckets.
  const { rows } = await sql<MeasuredSum>`
    select case when name <> 'stage_seconds' then start end as start, name, labels, le, sum(value)::float8 as value
    from (
      select start, name, labels, le, value from tally where grain = ${grain} and start >= ${since}
      union all
      select date_trunc(${grain}, at, 'UTC'), name, labels, le, value
      from (${samplesOf(recent)}) as sample
    ) as measured
    group by 1, name, labels, le`.execute(db)
  return rows
}

const FIRST_WEEK = sql`(date_trunc('week', now() at time zone 'UTC') - make_interval(weeks => ${WEEKS - 1}))`

async function learnerFigures(db: Kysely<Tables>, days: number): Promise<LearnerFigures> {
  // Weeks are counted before they meet the calendar: of a range for each week of a series the planner expects millions of rows, and
  // spends more time on compiling the statement than on running it.
  const [{ rows: counts }, { rows: weeks }] = await Promise.all([
    sql<Pick<LearnerFigures, 'newcomers' | 'active'>>`
      select
        (select count(*) from learner where created_at >= now() - make_interval(days => ${days}))
          as newcomers,
        (select count(*) from learner where run_to > (now() at time zone 'UTC')::date - ${days}::integer)
          as active`.execute(db),
    sql<LearnerFigures['weeks'][number]>`
      with newcomer as (
        select date_trunc('week', created_at at time zone 'UTC') as week, count(*) as newcomers,
          count(*) filter (where run_to > (now() at time zone 'UTC')::date - 7) as retained
        from learner where created_at >= ${FIRST_WEEK} at time zone 'UTC'
        group by 1
      )
      select week::date::text as week, coalesce(newcomers, 0) as newcomers,
        coalesce(retained, 0) as retained
      from generate_series(${FIRST_WEEK}, now() at time zone 'UTC', interval '1 week') as week
      left join newcomer using (week) order by week`.execute(db),
  ])
  return { ...(counts[0] ?? { newcomers: 0, active: 0 }), weeks }
}

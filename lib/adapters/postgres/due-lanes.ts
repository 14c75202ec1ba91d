import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { DueLane } from '../../app/jobs/inbox.ts'
import { TIMINGS } from '../../app/jobs/timings.ts'

/** No wait of a job that is put off, and no probe, ends later than this, unless the database's clock was set back meanwhile. */
const LATEST_DUE = sql`now() + ${TIMINGS.outageWaitMaxMs}::float8 * interval '1 millisecond'`
const LATEST_PROBE = sql`now() + ${TIMINGS.probeMaxMs}::float8 * interval '1 millisecond'`

/**
 * The lanes that can be taken up, among the oldest due jobs; `jobs` is how many of them are looked at, null for all. A lane's
 * first due job heads it, or else none does, so that only one job of each lane is compared with the others.
 */
export async function dueLanesAmong(
  db: Kysely<Tables>,
  jobs: number | null,
  limit: number,
): Promise<{ lanes: DueLane[]; jobsSeen: number }> {
  const { rows } = await sql<{ lanes: DueLane[]; jobsSeen: number }>`
    with due as materialized (
      select id, lane, due_at, slots from inbox
      where state = 'waiting' and due_at <= now() and (lease_until is null or lease_until < now())
      order by due_at limit ${jobs}
    ), first as (
      select lane, min(id) as id, min(due_at) as due_at, (array_agg(slots order by id))[1] as slots
      from due group by lane
    ), heads as (
      select lane, slots, due_at from first
      -- A look-up a lane: of "not exists" the planner may make a join that reads the whole inbox.
      where id = (
        select earliest.id from inbox earliest
        where earliest.lane = first.lane and earliest.state = 'waiting' order by earliest.id limit 1)
      order by due_at limit ${limit}
    ), swept as (
      -- Once a minute, and by the one that comes first: the rest find the row locked, or marked.
      update duty set done_at = now()
      where name = (
        select name from duty
        where name = 'sweep'
          and (done_at is null
            or done_at not between now() - interval '1 minute' and now() + interval '1 minute')
        for update skip locked)
      returning name
    ), overlong as (
      update inbox set due_at = now() where id in (
        select id from inbox
        where state = 'waiting' and due_at > ${LATEST_DUE} and last_error is not null
          and exists (select from swept) for update skip locked)
    ), unprobed as (
      update breaker set probe_at = now() where probe_at > ${LATEST_PROBE} and exists (select from swept)
    )
    select (select count(*) from due) as "jobsSeen", coalesce((
      select json_agg(json_build_object('lane', lane, 'slots', slots) order by heads.due_at)
      from heads), '[]') as lanes`.execute(db)
  return rows[0] ?? { lanes: [], jobsSeen: 0 }
}

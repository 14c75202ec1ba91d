import { sql } from 'kysely'

/**
 * Whether the waiting `job`, a row of `inbox`, is the first of its lane: those behind it wait for it alone. One look-up in the index
 * a job, however many wait in its lane.
 */
export const IS_HEAD = sql<boolean>`job.id = (
  select first.id from inbox as first
  where first.lane = job.lane and first.state = 'waiting' order by first.id limit 1)`

/**
 * For how many seconds a job that could run has been due, 0 where none is. Jobs are looked at in the order of their due times until
 * one could.
 */
export const OLDEST_DUE_SECONDS = sql<number>`coalesce((
  select extract(epoch from now() - due_at) from inbox as job
  where state = 'waiting' and due_at <= now() and (lease_until is null or lease_until < now())
    and ${IS_HEAD}
  order by due_at limit 1), 0)::float8`

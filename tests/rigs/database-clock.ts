import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'

/**
 * Lets the `now()` of a migrated database be moved, so that hours pass in it at once: leases lapse, retries
 * fall due, days go by. Sessions opened from then on have it, and this one.
 *
 * A function of our own shadows the server's, whose name the product uses without its schema.
 */
export async function installClock(db: Kysely<Tables>): Promise<void> {
  for (const statement of CLOCK) await sql.raw(statement).execute(db)
}

const CLOCK = [
  `create table proof_clock (ahead interval not null)`,
  `insert into proof_clock values ('0')`,
  `create function public.now() returns timestamptz language sql stable
     as 'select pg_catalog.now() + (select ahead from public.proof_clock)'`,
  `do $$
     declare given record;
     begin
       execute format('alter database %I set search_path = public, pg_catalog', current_database());
       -- Defaults are bound to the function that they were created with.
       for given in select table_name, column_name from information_schema.columns
         where table_schema = 'public' and column_default = 'now()'
       loop
         execute format('alter table %I alter %I set default public.now()',
           given.table_name, given.column_name);
       end loop;
     end $$`,
  `set search_path = public, pg_catalog`,
]

/** Lets so many milliseconds pass in the database. */
export async function moveClock(db: Kysely<Tables>, ms: number): Promise<void> {
  await sql`update proof_clock set ahead = ahead + ${ms}::float8 * interval '1 millisecond'`.execute(
    db,
  )
}

/** Lets time pass as living processes do: they renew their leases meanwhile. */
export async function moveClockOfTheLiving(db: Kysely<Tables>, ms: number): Promise<void> {
  await sql`update inbox set lease_until = lease_until + ${ms}::float8 * interval '1 millisecond'
    where id in (${LEASED})`.execute(db)
  await moveClock(db, ms)
}

/** Lets every lease lapse at once, as where all their holders were paused for too long. */
export async function lapseLeases(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql`update inbox set lease_until = now() - interval '1 second'
    where id in (${LEASED}) returning id`.execute(db)
  return rows.length
}

/** Not those that a transaction is about to change: it may be held back for this very statement. */
const LEASED = sql`select id from inbox where state = 'waiting' and lease_until > now()
  for update skip locked`

import { type Kysely, sql } from 'kysely'

/** What runs and charges have measured, and its sums by hour, by day and since the beginning. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of created) await sql.raw(statement).execute(db)
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  for (const statement of removed) await sql.raw(statement).execute(db)
}

const created = [
  // A row lives until its hour is over: then it is deleted, and its samples are added to the tally.
  `create table measurement (
     id bigint generated always as identity primary key,
     at timestamptz not null default now(),
     -- [{ name, labels, le, value, sum_ms }]
     samples jsonb not null
   )`,
  `create index measurement_at on measurement (at)`,
  `create table tally (
     grain text not null check (grain in ('hour', 'day', 'all')),
     -- In UTC; of 'all', -infinity.
     start timestamptz not null,
     name text not null,
     labels jsonb not null,
     -- The upper bound in seconds of a histogram's bucket; of a counter, infinity.
     le double precision not null,
     value bigint not null,
     sum_ms bigint not null,
     primary key (grain, start, name, labels, le)
   )`,
  // How many learners had a lesson in the last days, and how many jobs are poison, is counted by these.
  `create index learner_run_to on learner (run_to)`,
  `create index inbox_poison on inbox (id) where state = 'poison'`,
]

const removed = [
  `drop index inbox_poison`,
  `drop index learner_run_to`,
  `drop table tally`,
  `drop table measurement`,
]

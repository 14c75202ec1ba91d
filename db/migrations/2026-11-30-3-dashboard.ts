import { type Kysely, sql } from 'kysely'

/** When tokens of the dashboard were tried, and what it finds the jobs by that an operator looks at. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of added) await sql.raw(statement).execute(db)
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  for (const statement of removed) await sql.raw(statement).execute(db)
}

const added = [
  // One row: its lock makes attempts that come at once wait for each other.
  `create table sign_in (
     only_row boolean primary key default true check (only_row),
     attempts timestamptz[] not null default '{}'
   )`,
  `insert into sign_in default values`,
  `create index inbox_failing on inbox (id) where state = 'waiting' and last_error is not null`,
  `create index learner_created on learner (created_at)`,
]

const removed = [`drop index learner_created`, `drop index inbox_failing`, `drop table sign_in`]

import { type Kysely, sql } from 'kysely'

/** What an API key may use, and when it was used last. */

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
  // A limit that is null is none. The version changes with each thing that is counted against a limit.
  `alter table api_key
     add column lessons_per_day integer check (lessons_per_day > 0),
     add column daily_budget_micro_usd bigint check (daily_budget_micro_usd > 0),
     add column max_learners integer check (max_learners > 0),
     add column last_used_at timestamptz,
     add column version bigint not null default 0`,
  // A job that counts against a limit of its key, on the UTC day that it was received on.
  `create table api_key_use (
     job_id bigint primary key,
     api_key_id bigint not null references api_key on delete cascade,
     day date not null
   )`,
  `create index api_key_use_day on api_key_use (api_key_id, day)`,
]

const removed = [
  `drop table api_key_use`,
  `alter table api_key drop column lessons_per_day, drop column daily_budget_micro_usd,
     drop column max_learners, drop column last_used_at, drop column version`,
]

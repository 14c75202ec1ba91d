import { type Kysely, sql } from 'kysely'

/** Which slots a job takes, whose it is, how often it was postponed; a breaker for each stage and vendor. */

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
  // The default is for the version before, which runs on the new table for a while.
  `alter table inbox
     add column slots text not null default 'lesson'
       check (slots in ('quick', 'lesson', 'background')),
     add column learner_id bigint,
     add column postponements integer not null default 0,
     add column is_surplus boolean not null default false`,
  `create index inbox_learner on inbox (learner_id) where learner_id is not null`,
  // What is open by then was opened for all stages together; the jobs that it parked find out anew.
  `delete from breaker`,
  `alter table breaker add column reason text, add column probes integer not null default 0`,
]

const removed = [
  `delete from breaker`,
  `alter table breaker drop column reason, drop column probes`,
  `drop index inbox_learner`,
  `alter table inbox drop column slots, drop column learner_id, drop column postponements,
     drop column is_surplus`,
]

import { type Kysely, sql } from 'kysely'

/** What is remembered of learners, and where their newest conversation begins. */

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
  // Neither is a reference: lessons may be deleted, and the later ones are still those with a greater id.
  `alter table learner
     add column remembers boolean not null default true,
     add column conversation_after bigint not null default 0,
     add column facts_upto bigint not null default 0`,
  `create table fact (
     id bigint generated always as identity primary key,
     learner_id bigint not null references learner on delete cascade,
     -- The lesson in which the learner said it.
     lesson_id bigint not null references lesson on delete cascade,
     text text not null check (char_length(text) between 1 and 120),
     created_at timestamptz not null default now()
   )`,
  `create index fact_learner on fact (learner_id)`,
  `create index fact_lesson on fact (lesson_id)`,
  `alter table quota_use drop constraint quota_use_kind_check,
     add constraint quota_use_kind_check check (kind in ('voice', 'text', 'unheard', 'aside', 'memory'))`,
]

const removed = [
  `delete from quota_use where kind = 'memory'`,
  `alter table quota_use drop constraint quota_use_kind_check,
     add constraint quota_use_kind_check check (kind in ('voice', 'text', 'unheard', 'aside'))`,
  `drop table fact`,
  `alter table learner drop column remembers, drop column conversation_after, drop column facts_upto`,
]

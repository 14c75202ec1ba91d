import { type Kysely, sql } from 'kysely'

/** What gender learners speak of themselves in, and what a lesson at the first steps has besides. */

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
  // Unsaid: asked, and not answered or not told.
  `alter table learner
     add column gender text not null default 'unknown'
       check (gender in ('unknown', 'unsaid', 'feminine', 'masculine'))`,
  // The defaults are for the version before, which runs on the new table for a while.
  `alter table lesson
     add column reply_translation text not null default '',
     add column ready_answers jsonb not null default '[]'`,
]

const removed = [
  `alter table lesson drop column reply_translation, drop column ready_answers`,
  `update learner set level = 'beginner' where level = 'first_steps'`,
  `alter table learner drop column gender`,
]

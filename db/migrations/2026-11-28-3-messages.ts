import { type Kysely, sql } from 'kysely'

/** What is said once to a chat, whatever repeats its cause: one line on an album, one word on edits. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table notice (
      chat_id bigint not null,
      name text not null,
      -- The job that may say it, again where it is tried again; not a reference: it outlives its job.
      job_id bigint not null,
      -- Null: for good.
      expires_at timestamptz,
      primary key (chat_id, name)
    )`.execute(db)
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table notice`.execute(db)
}

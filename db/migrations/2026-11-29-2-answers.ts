import { type Kysely, sql } from 'kysely'

/** What a learner does with a lesson later: its messages, what was asked of it, and what a message answers. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table lesson
      add column verdict_message_id bigint,
      -- What the verdict said of the day, which later lessons change: total stars, streak, lessons.
      add column verdict_progress jsonb,
      add column reply_message_id bigint,
      add column reply_file_id text,
      add column reply_form text check (reply_form in ('voice', 'file', 'text')),
      add column reply_speed text,
      add column reply_character text,
      -- The same words at a slower speed, as Telegram keeps them.
      add column slower_file_id text,
      add column slower_form text check (slower_form in ('voice', 'file')),
      -- The job that has put another utterance in the place of the first one.
      add column retake_job_id bigint unique,
      add column withdrawn_at timestamptz`.execute(db)
  await sql`
    create table expectation (
      chat_id bigint not null,
      -- The question, which a reply names.
      message_id bigint not null,
      learner_id bigint not null references learner on delete cascade,
      kind text not null,
      about text not null,
      expires_at timestamptz not null,
      -- The job whose message has answered it; not a reference: it outlives its job.
      answered_by bigint,
      primary key (chat_id, message_id)
    )`.execute(db)
  await sql`create index expectation_learner on expectation (learner_id)`.execute(db)
  await sql`
    alter table quota_use drop constraint quota_use_kind_check,
      add constraint quota_use_kind_check check (kind in ('voice', 'text', 'unheard', 'aside'))`.execute(
    db,
  )
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function down(db: Kysely<any>): Promise<void> {
  await sql`delete from quota_use where kind = 'aside'`.execute(db)
  await sql`
    alter table quota_use drop constraint quota_use_kind_check,
      add constraint quota_use_kind_check check (kind in ('voice', 'text', 'unheard'))`.execute(db)
  await sql`drop table expectation`.execute(db)
  await sql`
    alter table lesson drop column verdict_message_id, drop column verdict_progress,
      drop column reply_message_id, drop column reply_file_id, drop column reply_form, drop column reply_speed,
      drop column reply_character, drop column slower_file_id, drop column slower_form,
      drop column retake_job_id, drop column withdrawn_at`.execute(db)
}

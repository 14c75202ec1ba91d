import { type Kysely, sql } from 'kysely'

/** What learners choose besides: the interface's language, when mistakes are answered, and another time zone. */

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
  `alter table learner
     add column interface_language text not null default 'follow'
       check (interface_language in ('follow', 'ru', 'uk', 'en', 'cs')),
     add column answers_to_mistakes text not null default 'show'
       check (answers_to_mistakes in ('show', 'try_first'))`,
  // The newest change of the zone: the learner's day that it was made on lasts until it ends, and may be followed by
  // a day that their calendar does not have.
  `alter table learner
     add column time_zone_changed_at timestamptz,
     add column time_zone_day date,
     add column time_zone_day_ends_at timestamptz,
     add column skipped_day date,
     add constraint learner_time_zone_change check (
       num_nonnulls(time_zone_changed_at, time_zone_day, time_zone_day_ends_at) in (0, 3))`,
]

const removed = [
  `alter table learner drop column interface_language, drop column answers_to_mistakes,
     drop column time_zone_changed_at, drop column time_zone_day, drop column time_zone_day_ends_at,
     drop column skipped_day`,
]

import { type Kysely, sql } from 'kysely'

/** What each place of a learner's day has cost, so that the day can have a budget. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table quota_use
      add column charged_micro_usd bigint not null default 0,
      -- How much of the day's budget was gone when the place was taken; null without a budget.
      add column budget_share double precision,
      -- Numbers what was reserved of the learner's own budget, so that no two reservations overlook each other.
      add column budget_turn integer`.execute(db)
  await sql`
    create unique index quota_use_turn on quota_use (learner_id, day, budget_turn)
      where budget_turn is not null`.execute(db)
}

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`
    alter table quota_use drop column charged_micro_usd, drop column budget_share, drop column budget_turn`.execute(
    db,
  )
}

import { type Kysely, sql } from 'kysely'

/** Finds what the budgets hold back: few rows, of jobs that have not ended. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create index quota_use_held on quota_use (budget_day) where reserved_micro_usd > 0`.execute(db)
}

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop index quota_use_held`.execute(db)
}

import { type Kysely, sql } from 'kysely'

/** What names a paid call, so that writing its charge again does not charge it twice. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  // Null in rows of the version before.
  await sql`alter table usage add column call_id uuid`.execute(db)
  await sql`create unique index usage_call on usage (call_id)`.execute(db)
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`alter table usage drop column call_id`.execute(db)
}

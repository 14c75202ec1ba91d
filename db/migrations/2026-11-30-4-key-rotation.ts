import { type Kysely, sql } from 'kysely'

/** The secret that an API key had before, which is still taken for a while. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table api_key
      add column previous_prefix text,
      add column previous_hash bytea,
      add column previous_until timestamptz`.execute(db)
  await sql`
    create unique index api_key_previous_prefix on api_key (previous_prefix)
      where previous_prefix is not null`.execute(db)
}

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`
    alter table api_key drop column previous_prefix, drop column previous_hash,
      drop column previous_until`.execute(db)
}

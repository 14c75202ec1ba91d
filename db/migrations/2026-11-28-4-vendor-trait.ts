import { type Kysely, sql } from 'kysely'

/** What the servers of each stage have refused, so that one lesson a day finds it out. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  await sql
    .raw(`create table vendor_trait (
      stage text not null check (stage in ('transcribe', 'reply', 'speak')),
      host text not null,
      model text not null,
      refused text not null,
      learned_at timestamptz not null default now(),
      primary key (stage, host, model, refused)
    )`)
    .execute(db)
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  await sql.raw('drop table vendor_trait').execute(db)
}

import { type Kysely, sql } from 'kysely'

/**
 * Results of paid calls. Unlogged: what a crash of the server takes is made again. The values are encrypted, so that
 * compressing them would be in vain.
 */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create unlogged table cache (
      key bytea primary key,
      value bytea not null,
      bytes integer not null,
      expires_at timestamptz not null
    )`.execute(db)
  await sql`alter table cache alter column value set storage external`.execute(db)
  await sql`create index cache_expires_at on cache (expires_at)`.execute(db)
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table cache`.execute(db)
}

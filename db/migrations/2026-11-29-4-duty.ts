import { type Kysely, sql } from 'kysely'

/** What is to be done once in a while by whichever process comes first: when it was done last. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  await sql`create table duty (name text primary key, done_at timestamptz)`.execute(db)
  await sql`insert into duty (name) values ('sweep')`.execute(db)
}

// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table duty`.execute(db)
}

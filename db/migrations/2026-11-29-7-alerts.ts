import { type Kysely, sql } from 'kysely'

/** What an operator was told of each kind of trouble, and whose turn it is to look. */

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table alert (
      kind text primary key,
      -- How bad it was when it was told last: 80 or 100 percent, and so on; 0 where a kind has no degrees.
      level integer not null default 0,
      -- Null while there is no trouble of the kind.
      since timestamptz,
      sent_at timestamptz,
      -- An all-clear is owed.
      is_told boolean not null default false
    )`.execute(db)
  await sql`
    insert into alert (kind) values ('health'), ('errors'), ('slow'), ('quota'), ('dead'), ('backlog'),
      ('budget'), ('model'), ('webhook')`.execute(db)
  await sql`
    insert into duty (name) values ('alert'), ('alert-webhook'), ('alert-models')`.execute(db)
}

// A migration is frozen in time: it knows no row types of today.
// biome-ignore lint/suspicious/noExplicitAny: see above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`delete from duty where name in ('alert', 'alert-webhook', 'alert-models')`.execute(db)
  await sql`drop table alert`.execute(db)
}

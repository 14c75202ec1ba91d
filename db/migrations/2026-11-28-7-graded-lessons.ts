import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration does not know the tables of later versions.
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .alterTable('lesson')
    .addColumn('graded', 'boolean', (column) => column.notNull().defaultTo(true))
    .addColumn('doubtful_words', 'jsonb', (column) => column.notNull().defaultTo(sql`'[]'::jsonb`))
    .execute()
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('lesson').dropColumn('doubtful_words').dropColumn('graded').execute()
}

import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'

/** All that is in the database, as text: every row of every table, bytes as what they would say. */
export async function dumpOf(db: Kysely<Tables>): Promise<string> {
  const tables = await db.introspection.getTables()
  const rows = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db)
      return rows.rows.flatMap((row) =>
        Object.entries(row).map(([column, value]) => `${name}.${column}: ${textOf(value)}`),
      )
    }),
  )
  return rows.flat().join('\n')
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

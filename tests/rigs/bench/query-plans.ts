import pg from 'pg'
import type { Statement } from './postgres-tap.ts'

/** A statement that reads a table from end to end, and how many rows that has. */
export type WholeRead = { statement: Statement; table: string; rows: number }

/** Tables with fewer rows are read whole rightly. */
const LARGE_ROWS = 1_000

/** Lets PostgreSQL plan each statement once, with its own parameters, and finds who reads a large table whole. */
export async function wholeReadsOf(
  url: string,
  statements: readonly Statement[],
): Promise<{ statementCount: number; wholeReads: WholeRead[] }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string; rows: number }>(
      `select relname as name, reltuples as rows from pg_class where relkind = 'r'`,
    )
    const large = new Map(
      rows.filter((table) => table.rows >= LARGE_ROWS).map((table) => [table.name, table.rows]),
    )
    const different = new Map(statements.map((statement) => [statement.sql, statement]))
    const statementsToPlan = [...different.values()].filter(
      ({ sql }) => !/^\s*(begin|commit|set)\b/i.test(sql),
    )
    const wholeReads: WholeRead[] = []
    for (const statement of statementsToPlan) {
      const found = await client.query(
        `explain (format json) ${statement.sql}`,
        statement.parameters,
      )
      for (const table of tablesReadWhole(found.rows)) {
        const count = large.get(table)
        if (count !== undefined) wholeReads.push({ statement, table, rows: count })
      }
    }
    return { statementCount: statementsToPlan.length, wholeReads }
  } finally {
    await client.end()
  }
}

/** The tables of all sequential scans in a plan, wherever in it they are. */
function tablesReadWhole(plan: unknown): string[] {
  if (typeof plan !== 'object' || plan === null) return []
  const inner = Object.values(plan).flatMap(tablesReadWhole)
  const isScan = 'Node Type' in plan && plan['Node Type'] === 'Seq Scan'
  return isScan && 'Relation Name' in plan ? [String(plan['Relation Name']), ...inner] : inner
}

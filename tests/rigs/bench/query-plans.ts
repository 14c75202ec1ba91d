import pg from 'pg'
import type { Statement } from './postgres-tap.ts'

/** A statement that reads a table from end to end, and how many rows that has. */
export type WholeRead = { statement: Statement; table: string; rows: number }

/** Tables with fewer rows are read whole rightly. */
const LARGE_ROWS = 1_000

/** What is wrong with the plans of so many statements. */
export type PlanFaults = {
  statementCount: number
  wholeReads: WholeRead[]
  /** Expected to cost so much that PostgreSQL compiles them first (JIT), which takes longer than any of ours runs. */
  compiledStatements: Statement[]
}

/**
 * Lets PostgreSQL plan each statement once, with its own parameters, and finds which read a large table whole and which it would
 * compile.
 */
export async function planFaultsOf(
  url: string,
  statements: readonly Statement[],
): Promise<PlanFaults> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string; rows: number }>(
      `select relname as name, reltuples as rows from pg_class where relkind = 'r'`,
    )
    const largeTables = new Map(
      rows.filter((table) => table.rows >= LARGE_ROWS).map((table) => [table.name, table.rows]),
    )
    const statementOfSql = new Map(statements.map((statement) => [statement.sql, statement]))
    const statementsToPlan = [...statementOfSql.values()].filter(
      ({ sql }) => !/^\s*(begin|commit|set)\b/i.test(sql),
    )
    const wholeReads: WholeRead[] = []
    const compiledStatements: Statement[] = []
    for (const statement of statementsToPlan) {
      const result = await client.query<{ 'QUERY PLAN': object[] }>(
        `explain (format json) ${statement.sql}`,
        statement.parameters,
      )
      if (isCompiled(result.rows)) compiledStatements.push(statement)
      for (const table of tablesReadWhole(result.rows)) {
        const count = largeTables.get(table)
        if (count !== undefined) wholeReads.push({ statement, table, rows: count })
      }
    }
    return { statementCount: statementsToPlan.length, wholeReads, compiledStatements }
  } finally {
    await client.end()
  }
}

function isCompiled(rows: { 'QUERY PLAN': object[] }[]): boolean {
  return rows.some((row) => row['QUERY PLAN'].some((plan) => 'JIT' in plan))
}

/** The tables of all sequential scans in a plan, wherever in it they are. */
function tablesReadWhole(plan: unknown): string[] {
  if (typeof plan !== 'object' || plan === null) return []
  const inner = Object.values(plan).flatMap(tablesReadWhole)
  const isScan = 'Node Type' in plan && plan['Node Type'] === 'Seq Scan'
  return isScan && 'Relation Name' in plan ? [String(plan['Relation Name']), ...inner] : inner
}

import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { alignRows, type Row } from '../aligned-table.ts'
import { number } from './table.ts'
import { NAMED } from './usage.ts'

/** A statement that was at work when it was looked, and what it waited for. */
type Sample = { statement: string; waitsFor: string; sessions: number }

/** Looks at what the database works on for the instances; each look that finds a statement at work counts for it. */
export function watchStatements(db: Kysely<Tables>): {
  /** A table, and how many transactions the looks themselves were. */
  stop(): { table: string[]; looks: number }
} {
  const samples: Sample[] = []
  let looks = 0
  async function look(): Promise<void> {
    const { rows } = await sql<Sample>`
      select regexp_replace(left(query, 400), '\\s+', ' ', 'g') as statement,
        coalesce(wait_event_type || ' ' || wait_event, 'a processor') as "waitsFor",
        count(*)::integer as sessions
      from pg_stat_activity
      where datname = current_database() and application_name = ${NAMED.PGAPPNAME} and state = 'active'
      group by 1, 2`.execute(db)
    looks += 1
    samples.push(...rows)
  }
  // A look that fails under load only makes the sample coarser.
  const timer = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      return { table: tableOf(samples, looks), looks }
    },
  }
}

const LOOK_EVERY_MS = 50
const SHOWN = 5

/** The statements that were at work most often: the first of them is the one that becomes the limit. */
export function tableOf(samples: readonly Sample[], looks: number): string[] {
  const sampleCount = sumOf(samples)
  const byStatement = Map.groupBy(samples, ({ statement }) => statement)
  const rows = [...byStatement]
    .map(([statement, own]) => ({ statement, own, sessions: sumOf(own) }))
    .sort((a, b) => b.sessions - a.sessions)
    .slice(0, SHOWN)
    .map(({ statement, own, sessions }): Row => {
      const waits = [...Map.groupBy(own, ({ waitsFor }) => waitsFor)].map(
        ([name, part]) => [name, sumOf(part)] as const,
      )
      const [longestWait] = waits.sort((a, b) => b[1] - a[1])
      const share = `${number((100 * sessions) / sampleCount, 0)} %`
      return [statement.trim().slice(0, 90), share, longestWait?.[0] ?? '']
    })
  return [
    `statements at work at once: ${number(sampleCount / Math.max(1, looks), 2)}`,
    ...alignRows([['', 'of these', 'mostly waits for'], ...rows]),
  ]
}

function sumOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, { sessions }) => sum + sessions, 0)
}

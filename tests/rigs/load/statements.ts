import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Tables } from '../../../db/tables.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import type { Inbox, NewJob } from '../../../lib/app/jobs/inbox.ts'
import type { Job } from '../../../lib/app/jobs/job.ts'
import { median } from '../statistics.ts'
import { type Shape, SOURCE } from './waiting.ts'

/** What the inbox is asked, again and again, while a backlog waits in it. */
export const STATEMENTS = ['add', 'claim', 'finish', 'sweep 20', 'sweep 500'] as const
export type Statement = (typeof STATEMENTS)[number]

/** Milliseconds each, the median; and by which indexes the plan reads the inbox. */
export type Measured = Record<Statement, { ms: number; plan: string }>

/** A sweep that takes long need not be measured as often. */
const SWEEPS = 30

/**
 * Measures each statement of the inbox, over one connection and one after the other. Jobs are added to and
 * claimed from a lane of each one's own, or all of the shape's.
 */
export async function measureStatements(
  url: string,
  repeats: number,
  { probedLane }: Pick<Shape, 'probedLane'> = {},
): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  // The pool has ended before its connection has: the database may be dropped in between.
  pool.on('connect', (client) => client.on('error', () => {}))
  const queries: { sql: string; parameters: readonly unknown[] }[] = []
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void queries.push(query),
  })
  const inbox = pgInbox(db, { leaseSeconds: 20 })
  const times = new Map<Statement, number[]>(STATEMENTS.map((name) => [name, []]))
  const plans = new Map<Statement, string>()

  async function measure<T>(name: Statement, work: () => Promise<T>): Promise<T> {
    if (!plans.has(name)) plans.set(name, await planOf(work))
    const startedAt = performance.now()
    const result = await work()
    times.get(name)?.push(performance.now() - startedAt)
    return result
  }

  /** The indexes by which it reads when it is run; `sequential` where it reads all of the inbox. */
  async function planOf(work: () => Promise<unknown>): Promise<string> {
    queries.length = 0
    // There is one connection, so that what is undone here is what was done in between.
    await pool.query('begin')
    await work()
    await pool.query('rollback')
    const scans: string[] = []
    for (const { sql, parameters } of [...queries]) {
      await pool.query('begin')
      const { rows } = await pool.query(`explain (analyze, format json) ${sql}`, [...parameters])
      await pool.query('rollback')
      scans.push(...scansIn(rows[0]?.['QUERY PLAN']))
    }
    return [...new Set(scans)].sort().join(' ')
  }

  try {
    for (let n = 0; n < repeats; n += 1) {
      const newJob = probe(probedLane ?? `probe:${n}`)
      await measure('add', () => inbox.add(newJob))
      const job = await measure('claim', () => claimFirst(inbox, newJob.lane))
      await measure('finish', () => inbox.finish(job))
    }
    for (let n = 0; n < SWEEPS; n += 1) {
      await measure('sweep 20', () => inbox.dueLanes(20))
      await measure('sweep 500', () => inbox.dueLanes(500))
    }
  } finally {
    await db.destroy()
  }
  const entries = STATEMENTS.map((name) => [
    name,
    { ms: median(times.get(name) ?? []), plan: plans.get(name) ?? '' },
  ])
  return Object.fromEntries(entries)
}

let probes = 0

function probe(lane: string): NewJob {
  probes += 1
  const payload = new TextEncoder().encode('{}')
  return { source: SOURCE, slots: 'lesson', key: `probe ${probes}`, lane, payload }
}

async function claimFirst(inbox: Inbox, lane: string): Promise<Job> {
  const claim = await inbox.claim(lane, 'lesson')
  if (claim.kind !== 'claimed') throw new Error(`The lane ${lane} is ${claim.kind}.`)
  return claim.job
}

function scansIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  if (Array.isArray(node)) return node.flatMap(scansIn)
  // Planned for, and not needed.
  if ('Actual Loops' in node && node['Actual Loops'] === 0) return []
  const innerScans = Object.values(node).flatMap(scansIn)
  if ('Index Name' in node) return [String(node['Index Name']), ...innerScans]
  const isWhole = 'Node Type' in node && node['Node Type'] === 'Seq Scan'
  const isInbox = 'Relation Name' in node && node['Relation Name'] === 'inbox'
  return isWhole && isInbox ? ['sequential', ...innerScans] : innerScans
}

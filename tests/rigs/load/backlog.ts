import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { alignRows, type Row } from '../aligned-table.ts'
import { loadAverages } from '../load-averages.ts'
import { openWorld, type World } from '../world.ts'
import { deadlocksIn } from './account.ts'
import { brokenOf, type Loaded, type LoadOptions, type LoadPart, sumOf } from './part.ts'
import { countsOf } from './scenario.ts'
import { measureStatements, STATEMENTS } from './statements.ts'
import { number } from './table.ts'
import { type Usage, watchUsage } from './usage.ts'
import { fillInbox, SHAPES, type Shape } from './waiting.ts'

const WORKERS = [1, 2, 4]
const STANDSTILL_MS = 60_000

/** Far more jobs wait than the instances can run at once. */
export const BACKLOG: LoadPart = {
  name: 'backlog',
  about:
    'many jobs wait: does a claim take longer; are they drained, each once, by 1, 2 and 4 instances',
  async run(options) {
    const sizes = [0, options.jobs / 50, options.jobs / 5, options.jobs].map(Math.round)
    for (const shape of Object.values(SHAPES)) await measureShape(shape, sizes, options)
    const results: Loaded[] = []
    const workers = options.instances === undefined ? WORKERS : [options.instances]
    for (const instances of workers) {
      results.push(await drainBacklog(SHAPES.spread, options.jobs, instances, options))
    }
    results.push(await drainBacklog(SHAPES.deep, Math.round(options.jobs / 5), 1, options))
    return {
      totals: sumOf(results.map(({ totals }) => totals)),
      violations: results.flatMap(({ violations }) => violations),
    }
  },
}

/** Prints how long each statement takes while ever more jobs wait. */
async function measureShape(
  shape: Shape,
  sizes: readonly number[],
  { repeats, write }: LoadOptions,
): Promise<void> {
  const world = await openWorld({ waitsForDisk: true })
  try {
    const columns: { size: string; of: Awaited<ReturnType<typeof measureStatements>> }[] = []
    for (const size of sizes) {
      await sql`truncate inbox cascade`.execute(world.db)
      await fillInbox(world.db, size, shape)
      const of = await measureStatements(world.secrets.DATABASE_URL ?? '', repeats, shape)
      columns.push({ size: `${size}`, of })
    }
    write(`\n${shape.name}; ms, the median of ${repeats}, by the number of jobs that wait`)
    const rows = STATEMENTS.map(
      (name): Row => [
        name,
        ...columns.map(({ of }) => number(of[name].ms, 2)),
        columns.at(-1)?.of[name].plan ?? '',
      ],
    )
    const head: Row = ['', ...columns.map(({ size }) => size), 'read by']
    for (const line of alignRows([head, ...rows])) write(line)
  } finally {
    await world.close()
  }
}

/** Lets instances drain a backlog that only sweeps find, and accounts for every job. */
export async function drainBacklog(
  shape: Shape,
  jobs: number,
  instances: number,
  { write, leaseSeconds, repeats }: LoadOptions,
): Promise<Loaded> {
  const env = { LEASE_SECONDS: String(leaseSeconds), LOG_LEVEL: 'info' }
  const world = await openWorld({ env, waitsForDisk: true })
  try {
    const claimMs = async () =>
      (await measureStatements(world.secrets.DATABASE_URL ?? '', repeats, shape)).claim.ms
    await fillInbox(world.db, jobs, shape)
    const claimBefore = await claimMs()
    const { seconds, usage } = await drainBy(world, instances)
    const deadRows = await deadRowsIn(world.db)
    const claimAfter = await claimMs()
    await sql`vacuum analyze inbox`.execute(world.db)
    const claimsMs = [claimBefore, claimAfter, await claimMs()]
    const account = await accountOf(world.db, jobs)
    const title = `${jobs} jobs, ${shape.name}, ${instances} ${instances === 1 ? 'instance' : 'instances'}`
    write(`\n${title}: ${number(seconds, 1)} s, ${number(jobs / seconds, 0)} jobs a second`)
    const sweptLanes = sweptIn(world.output())
    const facts: Row[] = [
      ['lost, run twice, deadlocks', `${account.lost} ${account.doubled} ${account.deadlocks}`],
      ['lanes found by sweeps, each time', String(sweptLanes)],
      ['memory of the largest instance, MB', number(usage.memoryMb, 0)],
      ['CPU of the instances, ms a job', number((usage.cpuSeconds * 1000) / jobs, 2)],
      ['dead rows left', String(deadRows)],
      ['claim before, after, vacuumed, ms', ...claimsMs.map((ms) => number(ms, 2))],
      ['load average', loadAverages()],
    ]
    for (const line of alignRows(facts)) write(line)
    return {
      totals: { delivered: jobs, lost: account.lost, doubled: account.doubled },
      violations: violationsIn(account).map((violation) => `${title}: ${violation}`),
    }
  } finally {
    await world.close()
  }
}

/** Starts instances, waits until they have drained the inbox, and ends them. */
async function drainBy(
  world: World,
  instances: number,
): Promise<{ seconds: number; usage: Usage }> {
  const startedAt = performance.now()
  const startedInstances = await Promise.all(Array.from({ length: instances }, () => world.start()))
  const watch = watchUsage(world.db, () => startedInstances)
  await untilDrained(world)
  const seconds = (performance.now() - startedAt) / 1000
  const usage = await watch.stop()
  await Promise.all(startedInstances.map((instance) => instance.end('SIGTERM')))
  return { seconds, usage }
}

async function untilDrained({ db }: World): Promise<void> {
  let before = -1
  let movedAt = performance.now()
  for (;;) {
    const { waiting: waitingJobs, endedJobs } = await countsOf(db)
    if (waitingJobs === 0) return
    if (endedJobs !== before) movedAt = performance.now()
    else if (performance.now() - movedAt > STANDSTILL_MS) return
    before = endedJobs
    await delay(100)
  }
}

async function accountOf(db: Kysely<Tables>, jobs: number) {
  const { rows } = await sql<{ doneJobs: number; doubledJobs: number; disorderedLanes: number }>`
    with mine as (select * from inbox where key like 'waiting %')
    select count(*) filter (where state = 'done') as "doneJobs",
      count(*) filter (where attempts > 1) as "doubledJobs",
      (select count(distinct lane) from (
        select lane, finished_at < lag(finished_at) over (partition by lane order by id) as is_early
        from mine) as ended
        where is_early) as "disorderedLanes"
    from mine`.execute(db)
  const { doneJobs = 0, doubledJobs = 0, disorderedLanes = 0 } = rows[0] ?? {}
  return {
    lost: jobs - doneJobs,
    doubled: doubledJobs,
    disordered: disorderedLanes,
    deadlocks: await deadlocksIn(db),
  }
}

function violationsIn(account: Awaited<ReturnType<typeof accountOf>>): string[] {
  const { lost, doubled, deadlocks, disordered } = account
  return brokenOf([
    [lost > 0, `${lost} not done`],
    [doubled > 0, `${doubled} claimed more than once`],
    [deadlocks > 0, `${deadlocks} deadlocks`],
    [disordered > 0, `${disordered} lanes out of order`],
  ])
}

async function deadRowsIn(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ dead: number }>`
    select n_dead_tup as dead from pg_stat_user_tables where relname = 'inbox'`.execute(db)
  return rows[0]?.dead ?? 0
}

/** How many lanes all sweeps together have found: beyond the lanes there are, they found some again. */
function sweptIn(output: string): number {
  const matches = [...output.matchAll(/"lanes":(\d+)/g)]
  return matches.reduce((sum, [, lanes]) => sum + Number(lanes), 0)
}

import { resolve } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { openDatabase } from '../../../db/open.ts'
import type { Tables } from '../../../db/tables.ts'
import { createMigratedPostgresDatabase } from '../postgres/postgres.ts'
import { cpuMsOf } from '../process-usage.ts'
import { quantile } from '../statistics.ts'
import { openLessonWorld, until } from './lesson-world.ts'
import type { Figure, Measured, Part, PartOptions } from './part.ts'
import { startServer } from './server-process.ts'
import { CHATS, deliverAll } from './webhook-load.ts'

/** How soon Telegram's delivery is acknowledged, beside what libraries do with nothing around them. */
export const ACK: Part = {
  name: 'ack',
  about: 'acknowledging deliveries over 1, 20 and 200 connections, beside bare grammY and telegraf',
  run,
}

const ROUNDS = 5
/** Connections, and how many deliveries go over them in one round. */
const LEVELS: readonly { connections: number; deliveries: number }[] = [
  { connections: 1, deliveries: 300 },
  { connections: 20, deliveries: 2_000 },
  { connections: 200, deliveries: 4_000 },
]
/** The load that limits are set for. */
const LIMITED = 20
const MAX_P99_MS = 50
const MAX_OF_TELEGRAF = 1.3

/** One server under load. */
type Target = {
  name: string
  url: string
  pid: number
  secret: string
  db: Kysely<Tables>
  /** Whether a round's updates are stored for lanes that another run holds. */
  lanesHeld: boolean
  /** Resolves when what a round left to do is done. */
  rest(): Promise<void>
  close(): Promise<void>
}

/** What one target's rounds have shown, in milliseconds, by the number of connections. */
type Rounds = Map<number, Round[]>
type Round = { p50: number; p99: number; perSecond: number; cpuEach: number; redeliveries: number }

async function run(options: PartOptions): Promise<Measured> {
  const targets = [...(await openOurs()), await openBare('grammy'), await openBare('telegraf')]
  const roundsByTarget = new Map<string, Rounds>(targets.map(({ name }) => [name, new Map()]))
  try {
    // The targets take turns, so that other load on the machine falls on all of them.
    for (let round = 0; round <= (options.runs ?? ROUNDS); round += 1) {
      for (const target of targets) {
        for (const { connections, deliveries } of LEVELS) {
          const count = Math.ceil(deliveries * options.scale)
          const result = await oneRound(target, connections, count)
          const rounds = roundsByTarget.get(target.name)?.get(connections) ?? []
          // The first round warms the servers up.
          if (round > 0) roundsByTarget.get(target.name)?.set(connections, [...rounds, result])
        }
      }
    }
  } finally {
    for (const target of targets) await target.close()
  }
  return {
    figures: figuresOf(roundsByTarget),
    notes: [...NOTES, ...redeliveryLines(roundsByTarget)],
  }
}

const OURS = 'ours'
const OURS_HELD = 'ours, lanes held'
const NOTES = [
  'Each round’s p50 and p99, then their median over the rounds. A delivery is a message of Telegram’s own',
  '(a new chat title) from another chat each: no lesson, no call to Telegram, a lane of its own. `ours` runs',
  'the jobs meanwhile (claim, finish, claim again), `lanes held` claims once and finds another run at work;',
  'the bare ones check the secret, parse, and do the same one insert through the same pool: no job is run,',
  'nothing swept, no log written. Closed loop: each connection sends again as soon as it is answered. CPU is',
  'that of the server’s process until its jobs are done.',
]

async function oneRound(target: Target, connections: number, deliveries: number): Promise<Round> {
  if (target.lanesHeld) await holdLanes(target.db)
  const cpuBefore = cpuMsOf(target.pid)
  const startedAt = performance.now()
  const { latencies, redeliveries } = await deliverAll(target, connections, deliveries)
  const seconds = (performance.now() - startedAt) / 1000
  await target.rest()
  return {
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    perSecond: deliveries / seconds,
    cpuEach: (cpuMsOf(target.pid) - cpuBefore) / deliveries,
    redeliveries,
  }
}

async function openOurs(): Promise<Target[]> {
  const world = await openLessonWorld(undefined)
  const { url, pid } = await world.start()
  const target = {
    url,
    pid,
    secret: world.secrets.TELEGRAM_WEBHOOK_SECRET ?? '',
    db: world.db,
    close: async () => {},
  }
  const isDrained = async () => (await waitingJobs(world.db)) === 0
  return [
    { ...target, name: OURS, lanesHeld: false, rest: () => until(world, isDrained, 300_000) },
    {
      ...target,
      name: OURS_HELD,
      lanesHeld: true,
      async rest() {
        await sql`delete from inbox where state = 'waiting'`.execute(world.db)
      },
      close: world.close,
    },
  ]
}

async function openBare(library: 'grammy' | 'telegraf'): Promise<Target> {
  const { url, drop } = await createMigratedPostgresDatabase({ waitsForDisk: true })
  const { db, close } = await openDatabase({ url, pgliteDir: '' })
  const secret = `a-secret-of-${library}`
  const script = resolve(import.meta.dirname, `bare-${library}.ts`)
  const server = await startServer([script], { DATABASE_URL: url, WEBHOOK_SECRET: secret })
  return {
    name: `bare ${library}`,
    url: server.url,
    pid: server.pid,
    secret,
    db,
    lanesHeld: false,
    async rest() {
      await sql`truncate inbox cascade`.execute(db)
    },
    async close() {
      await server.end()
      await close()
      await drop()
    },
  }
}

async function waitingJobs(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from inbox where state = 'waiting'`.execute(db)
  return rows[0]?.count ?? 0
}

/** Puts an unfinished job before all that will come, whose lease belongs to no process. */
async function holdLanes(db: Kysely<Tables>): Promise<void> {
  await sql`
    insert into inbox (source, key, lane, payload, lease_token, lease_until)
    select 'bench', chat::text, 'chat:' || chat, '', gen_random_uuid(), now() + interval '1 day'
    from generate_series(1, ${CHATS}::integer) as chat`.execute(db)
}

function redeliveryLines(roundsByTarget: ReadonlyMap<string, Rounds>): string[] {
  return [...roundsByTarget].flatMap(([name, rounds]) => {
    const redeliveries = [...rounds.values()]
      .flat()
      .reduce((sum, round) => sum + round.redeliveries, 0)
    return redeliveries === 0
      ? []
      : [`${name}: ${redeliveries} deliveries met a closed connection and went out again.`]
  })
}

function figuresOf(roundsByTarget: ReadonlyMap<string, Rounds>): Figure[] {
  const roundsOf = (name: string, connections: number) =>
    roundsByTarget.get(name)?.get(connections) ?? []
  const figures = LEVELS.flatMap(({ connections }) =>
    [...roundsByTarget.keys()].flatMap((name) => {
      const label = `${connections} connections, ${name}`
      const rounds = roundsOf(name, connections)
      const isLimited = connections === LIMITED && name === OURS
      return [
        { label: `${label}: p50`, unit: 'ms', values: rounds.map(({ p50 }) => p50) },
        {
          label: `${label}: p99`,
          unit: 'ms',
          values: rounds.map(({ p99 }) => p99),
          ...(isLimited && { limit: MAX_P99_MS }),
        },
        { label: `${label}: rate`, unit: '1/s', values: rounds.map(({ perSecond }) => perSecond) },
        { label: `${label}: CPU each`, unit: 'ms', values: rounds.map(({ cpuEach }) => cpuEach) },
      ]
    }),
  )
  const telegraf = roundsOf('bare telegraf', LIMITED)
  const ratios = (name: string, of: 'p50' | 'p99') =>
    roundsOf(name, LIMITED).map((round, at) => round[of] / (telegraf[at]?.[of] ?? Number.NaN))
  const comparisonWith = (name: string, of: 'p50' | 'p99') => ({
    label: `${LIMITED} connections, ${name}: ${of} / bare telegraf’s`,
    unit: '×',
    values: ratios(name, of),
  })
  return [
    ...figures,
    comparisonWith(OURS, 'p50'),
    { ...comparisonWith(OURS, 'p99'), limit: MAX_OF_TELEGRAF },
    comparisonWith(OURS_HELD, 'p50'),
    comparisonWith(OURS_HELD, 'p99'),
  ]
}

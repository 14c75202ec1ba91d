import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { sql } from 'kysely'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import type { Alert } from '../../../lib/domain/alert/alert.ts'
import { type OpenaiStandIn, startOpenai } from '../../../scripts/studio/openai/stand-in.ts'
import { listenLocally } from '../listening.ts'
import type { Instance } from '../processes.ts'
import { openWorld, type World } from '../world.ts'
import { ALERT_PATH, SWEPT } from './crossing-names.ts'

/** A world with an instance that takes over the jobs of stopped ones. */
export type Pair = {
  world: World
  /** The instance that takes over, with the world's own provider. */
  survivor: Instance
  /** The provider of the instances that are stopped: so their paid calls are counted apart. */
  victimsProvider: OpenaiStandIn
  apiKey: string
  /** A new id for a learner or an API client. */
  nextId(): number
  /** The alerts that have come to the operator's URL, oldest first, by their kind. */
  postedAlerts: readonly string[]
  /** Starts an instance for a scenario that stops at a crossing, if given: `<name> #<occurrence>`. */
  startVictim(
    setting: Setting,
    stop?: { crossing: string; signal: NodeJS.Signals },
  ): Promise<Victim>
  close(): Promise<void>
}

/** What a scenario asks of the process that is stopped, as its type explains. */
type Setting = { env?: Readonly<Record<string, string>>; sweeps?: boolean }

/** An instance that tells which crossings it has crossed. */
export type Victim = Instance & {
  /** What its connections are called in the database. */
  connections: string
  crossings(): string[]
  /** Whether it has tried to sweep, and was kept from it. */
  hasSwept(): boolean
}

/** The operator's chat. */
export const OPERATOR_CHAT = 777

/** What the survivor's connections are called in the database. */
export const SURVIVOR = 'survivor'

/** Longer than the victims' lease, which has to lapse: on a busy machine the survivor must keep its own. */
const SURVIVORS_LEASE_SECONDS = '4'

/** Opens a pair. */
export async function openPair(): Promise<Pair> {
  const [world, victimsProvider, operator] = await Promise.all([
    openWorld(),
    startOpenai(),
    startOperator(),
  ])
  world.telegram.learner({ id: OPERATOR_CHAT, first_name: 'Operator' })
  // No look is due: what alerts tell is what a scenario says.
  await world.db
    .updateTable('duty')
    .set({ done_at: sql`'infinity'` })
    .where('name', 'like', 'alert%')
    .execute()
  const [survivor, apiKey] = await Promise.all([
    world.start({
      ...operator.env,
      LEASE_SECONDS: SURVIVORS_LEASE_SECONDS,
      PGAPPNAME: SURVIVOR,
    }),
    createApiKey(world.db, { name: 'proof', telegramLearners: false }),
  ])
  const traces = mkdtempSync(join(tmpdir(), 'mluv-traces-'))
  let ids = 1_000
  let victims = 0

  return {
    world,
    survivor,
    victimsProvider,
    apiKey,
    nextId: () => ++ids,

    postedAlerts: operator.postedAlerts,

    async startVictim({ env, sweeps = false }, stop) {
      victims += 1
      const connections = `victim-${victims}`
      const trace = join(traces, connections)
      const instance = await world.start(
        {
          ...operator.env,
          OPENAI_BASE_URL: victimsProvider.url,
          PGAPPNAME: connections,
          CROSSING_TRACE: trace,
          ...(sweeps && { CROSSING_SWEEPS: 'own' }),
          ...env,
          ...(stop && { CROSSING_STOP: stop.crossing, CROSSING_SIGNAL: stop.signal }),
        },
        { preload: 'tests/rigs/crossings/preload.ts' },
      )
      const lines = () => readFileSync(trace, 'utf8').split('\n').slice(0, -1)
      return {
        ...instance,
        connections,
        crossings: () => lines().filter((line) => line !== SWEPT),
        hasSwept: () => lines().includes(SWEPT),
      }
    },

    async close() {
      await Promise.all([world.close(), victimsProvider.stop(), operator.stop()])
      rmSync(traces, { recursive: true, force: true })
    },
  }
}

/** An operator who is told of trouble in a chat and at a URL. */
async function startOperator() {
  const postedAlerts: string[] = []
  const server = createServer((request, response) => {
    void json(request).then(
      (alert) => {
        postedAlerts.push((alert as Alert).kind)
        response.writeHead(204).end()
      },
      // A process that is killed leaves half of its request.
      () => response.destroy(),
    )
  })
  const port = await listenLocally(server)
  return {
    postedAlerts,
    env: {
      ALERT_CHAT_ID: String(OPERATOR_CHAT),
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}${ALERT_PATH}`,
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(resolve)
      }),
  }
}

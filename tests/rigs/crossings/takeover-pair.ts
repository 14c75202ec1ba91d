import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { type OpenaiStandIn, startOpenai } from '../../../scripts/studio/openai/stand-in.ts'
import type { Instance } from '../processes.ts'
import { openWorld, type World } from '../world.ts'
import { SWEPT } from './crossing-names.ts'

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
  /** Starts an instance that stops at a crossing, if given: `<name> #<occurrence>`. */
  startVictim(stop?: { crossing: string; signal: NodeJS.Signals }): Promise<Victim>
  close(): Promise<void>
}

/** An instance that tells which crossings it has crossed. */
export type Victim = Instance & {
  /** What its connections are called in the database. */
  connections: string
  crossings(): string[]
  /** Whether it has tried to sweep, and was kept from it. */
  hasSwept(): boolean
}

/** What the survivor's connections are called in the database. */
export const SURVIVOR = 'survivor'

/** Longer than the victims' lease, which has to lapse: on a busy machine the survivor must keep its own. */
const SURVIVORS_LEASE_SECONDS = '4'

/** Opens a pair. */
export async function openPair(): Promise<Pair> {
  const [world, victimsProvider] = await Promise.all([openWorld(), startOpenai()])
  const [survivor, apiKey] = await Promise.all([
    world.start({
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

    async startVictim(stop) {
      victims += 1
      const connections = `victim-${victims}`
      const trace = join(traces, connections)
      const instance = await world.start(
        {
          OPENAI_BASE_URL: victimsProvider.url,
          PGAPPNAME: connections,
          CROSSING_TRACE: trace,
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
      await Promise.all([world.close(), victimsProvider.stop()])
      rmSync(traces, { recursive: true, force: true })
    },
  }
}

import { setImmediate } from 'node:timers/promises'
import type { Database } from '../../../db/open.ts'
import { createDeps, type Deps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { takeDelivery } from '../../../lib/http/webhook/delivery.ts'
import { openRelay } from '../relay.ts'
import type { ModelClock } from './clock.ts'

/** The functions of the product that are called over HTTP. */
export type Route = 'webhook' | 'lesson'

/** An instance of the product inside this process, whose every connection can be cut. */
export type Instance = {
  database: Database
  isAlive(): boolean
  /** Hands a request over, as the platform does: it is answered 502 where the instance dies meanwhile. */
  fetch(route: Route, request: Request): Promise<Response>
  /** Kills it as `kill -9` would: none of its later calls leaves the process. */
  kill(): void
  /** Breaks its connections to the database; new ones come about. */
  breakDatabase(): void
  /** Wakes the lanes that have due jobs. */
  sweep(): Promise<void>
  /** Resolves when it has no request and no job under way. */
  idle(): Promise<void>
  close(): Promise<void>
}

export type InstanceOptions = {
  env: Readonly<Record<string, string>>
  clock: ModelClock
  /** Every piece that it sends or gets, before it passes. */
  onPiece(instance: Instance): void | Promise<void>
  /** Takes its log lines while it is alive. */
  print(line: string): void
}

/** The variables that lead an instance to its neighbours: each through a relay of its own. */
const NEIGHBOURS = ['TELEGRAM_API_ROOT', 'OPENAI_BASE_URL', 'DATABASE_URL'] as const

/** Starts an instance on an environment. */
export async function startInstance({
  env,
  clock,
  onPiece,
  print,
}: InstanceOptions): Promise<Instance> {
  const death = Promise.withResolvers<Response>()
  let isAlive = true
  const relays = await Promise.all(
    NEIGHBOURS.filter((name) => env[name] !== undefined).map(async (name) => {
      const relay = await openRelay(env[name] ?? '', () =>
        isAlive ? onPiece(instance) : undefined,
      )
      return { name, relay }
    }),
  )
  const through = Object.fromEntries(relays.map(({ name, relay }) => [name, relay.url]))
  const deps: Deps = await createDeps(
    { ...env, ...through },
    {
      now: clock.instanceNow,
      random: clock.random,
      print: (line) => {
        if (isAlive) print(line)
      },
      async sleep(ms, signal) {
        await setImmediate()
        signal?.throwIfAborted()
        if (!isAlive) throw new Error('Killed in its sleep.')
        await clock.sleep(ms)
      },
    },
  )
  const routes = {
    webhook: answering(async () => deps, { POST: takeDelivery }),
    lesson: answering(async () => deps, { POST: processLesson }),
  }
  const underWay = new Set<Promise<Response>>()

  const instance: Instance = {
    database: deps.database,
    isAlive: () => isAlive,
    async fetch(route, request) {
      const answer = routes[route](request)
      underWay.add(answer)
      void answer.finally(() => underWay.delete(answer))
      return Promise.race([answer, death.promise.then(() => new Response(null, { status: 502 }))])
    },
    kill() {
      isAlive = false
      for (const { relay } of relays) relay.cut()
      deps.stop()
      death.resolve(new Response(null, { status: 502 }))
    },
    breakDatabase() {
      relays.find(({ name }) => name === 'DATABASE_URL')?.relay.drop()
    },
    async sweep() {
      // A lane that a failed sweep leaves is found by the next one.
      await Promise.allSettled([deps.sweep()])
    },
    async idle() {
      await Promise.allSettled(underWay)
      await deps.idle()
    },
    async close() {
      await instance.idle()
      await deps.close()
      await Promise.all(relays.map(({ relay }) => relay.stop()))
    },
  }
  return instance
}

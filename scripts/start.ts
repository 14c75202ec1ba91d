import { serve } from 'srvx'
import { ConfigError, parseConfig } from '../lib/config.ts'
import { getDeps } from '../lib/deps.ts'
import { functionRoutes } from './cli/routes.ts'

/**
 * `npm start`: the functions on $PORT, with the environment as given; also a way to host them outside
 * Vercel. Sweeps every few seconds, and on SIGTERM lets running lessons end.
 */

/** Of a lease: what its process has left lying is taken up soon after. */
const SWEEP_EVERY_SHARE = 0.15
const PRUNE_EVERY_MS = 600_000
/** Longer than a lesson takes; whatever is left then is taken up by the next process. */
const SHUTDOWN_MS = 25_000

try {
  parseConfig(process.env)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  refuse(error)
}

const deps = await getDeps().catch(refuse)
const fetch = await functionRoutes()
const server = serve({
  port: deps.config.port,
  fetch,
  silent: true,
  gracefulShutdown: false,
})
await server.ready().catch(refuse)
// It listens on every address; this one can be pasted.
const url = new URL(server.url ?? '')
url.hostname = 'localhost'
const health = await fetch(new Request(new URL('/health', url)))
if (!health.ok) deps.log.warn('unhealthy_at_start', { health: await health.json() })
console.log(`listening on ${url.origin}`)

let swept = Promise.resolve()
const sweeping = setInterval(
  () => beside(deps.sweep()),
  deps.config.leaseSeconds * 1000 * SWEEP_EVERY_SHARE,
)
const pruning = setInterval(() => beside(deps.prune()), PRUNE_EVERY_MS)

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void shutDown())

async function shutDown(): Promise<void> {
  clearInterval(sweeping)
  clearInterval(pruning)
  const late = new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS).unref())
  deps.stop()
  // Requests under way are answered first: one of the lesson API lasts as long as its lesson.
  await Promise.race([
    server
      .close()
      .then(() => swept)
      .then(deps.idle),
    late,
  ])
  await deps.close()
  process.exit(0)
}

/** Is waited for at the end: cut off by it, a sweep would look like a fault. */
function beside(work: Promise<unknown>): void {
  const before = swept
  swept = work
    .catch((error: unknown) => deps.log.error('sweep_failed', { error }))
    .then(() => before)
}

/** What the operator can put right is told without a stack trace: a folder that is held, a port that is taken. */
function refuse(error: unknown): never {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

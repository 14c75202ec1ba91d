import { serve } from 'srvx'
import { ConfigError, parseConfig } from '../lib/config.ts'
import { getDeps } from '../lib/deps.ts'
import { functionRoutes } from './cli/routes.ts'

/**
 * `npm start`: the functions on $PORT, in the process's own environment; also a way to host them outside
 * Vercel. Sweeps every few seconds, and on SIGTERM lets running lessons end.
 */

/** A share of the lease: a job whose process died is claimed soon after its lease lapses. */
const SWEEP_EVERY_SHARE = 0.15
const PRUNE_EVERY_MS = 600_000
/** Longer than a lesson takes; the next process claims the jobs that are still running then. */
const SHUTDOWN_MS = 25_000

try {
  parseConfig(process.env)
} catch (error) {
  // The command's edge: every wrong variable is named, without a stack trace.
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
// The server listens on every address; `localhost` is one that can be pasted.
const url = new URL(server.url ?? '')
url.hostname = 'localhost'
const health = await fetch(new Request(new URL('/health', url)))
if (!health.ok) deps.log.warn('unhealthy_at_start', { health: await health.json() })
console.log(`listening on ${url.origin}`)

let sweepsSoFar = Promise.resolve()
const sweepTimer = setInterval(
  () => runBeside(deps.sweep()),
  deps.config.leaseSeconds * 1000 * SWEEP_EVERY_SHARE,
)
const pruneTimer = setInterval(() => runBeside(deps.prune()), PRUNE_EVERY_MS)

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void shutDown())

async function shutDown(): Promise<void> {
  clearInterval(sweepTimer)
  clearInterval(pruneTimer)
  const deadline = new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS).unref())
  deps.stop()
  // Running requests are answered first: one of the lesson API lasts as long as its lesson.
  await Promise.race([
    server
      .close()
      .then(() => sweepsSoFar)
      .then(deps.idle),
    deadline,
  ])
  await deps.close()
  process.exit(0)
}

/** The shutdown waits for this work: a sweep that it cuts off would look like a fault. */
function runBeside(work: Promise<unknown>): void {
  const sweepsBefore = sweepsSoFar
  sweepsSoFar = work
    // The next sweep does what this one could not.
    .catch((error: unknown) => deps.log.error('sweep_failed', { error }))
    .then(() => sweepsBefore)
}

/** Prints an error that the operator can mend without its stack trace: a folder that is held, a port that is taken. */
function refuse(error: unknown): never {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

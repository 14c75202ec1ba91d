import { serve } from 'srvx'
import { ConfigError } from '../lib/config/environment.ts'
import { parseConfig } from '../lib/config.ts'
import { getDeps } from '../lib/deps.ts'
import { commitOfCheckout } from './cli/commit.ts'
import { databaseProblem } from './cli/operator-database.ts'
import { repeat } from './cli/repeat.ts'
import { serverRoutes } from './cli/routes.ts'

/**
 * `npm start`: the functions on $PORT, in the process's own environment; also a way to host them outside
 * Vercel. Sweeps every few seconds, and on SIGTERM lets running lessons end.
 */

/** A share of the lease: a job whose process died is claimed soon after its lease lapses. */
const SWEEP_EVERY_SHARE = 0.15
const PRUNE_EVERY_MS = 600_000
/** Longer than a lesson takes; the next process claims the jobs that are still running then. */
const SHUTDOWN_MS = 25_000
const SAME_SIGNAL_MS = 1_000

// Hosts name the commit in variables of theirs; a checkout knows its own.
const commit = commitOfCheckout()
if (commit !== undefined) process.env.SOURCE_COMMIT ??= commit
try {
  parseConfig(process.env)
} catch (error) {
  // The command's edge: every wrong variable is named, without a stack trace.
  if (!(error instanceof ConfigError)) throw error
  refuse(error.message)
}

const deps = await getDeps().catch((error: unknown) => refuse(messageOf(error)))
const { config, log, sleep } = deps
process.on('uncaughtExceptionMonitor', (error) => log.error('crashed', { error }))

const fetch = await serverRoutes()
const { port, host } = config
const server = serve({
  port,
  ...(host !== undefined && { hostname: host }),
  fetch,
  silent: true,
  gracefulShutdown: false,
})
await server.ready().catch((error: unknown) => refuse(listenProblem(error)))
const url = new URL(server.url ?? '')
// Of every address, `localhost` is one that can be pasted.
if (host === undefined) url.hostname = 'localhost'

let pruneDueAt = performance.now() + PRUNE_EVERY_MS
const sweepRepetition = repeat({
  name: 'sweep',
  everyMs: config.leaseSeconds * 1000 * SWEEP_EVERY_SHARE,
  work: sweepAndPrune,
  describe,
  log,
  sleep,
})
// Where sweeping fails, its line has said what is wrong.
if (await sweepRepetition.first) await warnIfUnhealthy()
console.log(`listening on ${url.origin}`)
const { version, environment } = config
const { driver } = deps.database
log.info('started', { url: url.origin, version, environment, database: driver, pid: process.pid })

let stoppingSince: number | undefined
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => endBy(signal))

function endBy(signal: string): void {
  if (stoppingSince === undefined) {
    stoppingSince = performance.now()
    void shutDown(signal)
    return
  }
  // A terminal's Ctrl-C comes twice, the second time passed on by npm; one that comes later means now.
  if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1)
}

/** One repetition for both: what keeps the one from succeeding keeps the other, and is one line. */
async function sweepAndPrune(): Promise<void> {
  await deps.sweep()
  if (performance.now() < pruneDueAt) return
  pruneDueAt = performance.now() + PRUNE_EVERY_MS
  await deps.prune()
}

async function warnIfUnhealthy(): Promise<void> {
  const health = await fetch(new Request(new URL('/health', url)))
  if (!health.ok) log.warn('unhealthy_at_start', { health: await health.json() })
}

async function shutDown(signal: string): Promise<void> {
  log.info('stopping', { signal })
  deps.stop()
  const deadline = new Promise<false>((resolve) => {
    setTimeout(() => resolve(false), SHUTDOWN_MS).unref()
  })
  const allEnded = await Promise.race([endAll(), deadline])
  await deps.close()
  log.info('stopped', { all_ended: allEnded })
  process.exit(0)
}

/** Running requests are answered first: one of the lesson API lasts as long as its lesson. */
async function endAll(): Promise<true> {
  await Promise.all([server.close(), sweepRepetition.stop()])
  await deps.idle()
  return true
}

/** A sentence where it is known what the operator can do, else the error itself. */
function describe(error: unknown) {
  const because = databaseProblem(error, config.database)
  return because === undefined ? { error } : { because }
}

function listenProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${code}: this machine has no address ${host}. Set HOST to one of its own, as 127.0.0.1, or leave it out for all.`
  }
  if (code === 'EADDRINUSE') {
    return `EADDRINUSE: port ${port} is taken. Set PORT to a free one, or stop the program that listens there.`
  }
  if (code === 'EACCES') {
    return `EACCES: this user may not listen on port ${port}. Set PORT to 1024 or more.`
  }
  return messageOf(error)
}

/** Errors that the operator can mend are shown without a stack trace: a folder that is held, for one. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function refuse(because: string): never {
  console.error(because)
  process.exit(1)
}

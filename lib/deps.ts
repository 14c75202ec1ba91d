import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { migrateUp } from '../db/migrate.ts'
import { type Database, openDatabase } from '../db/open.ts'
import { background } from './adapters/background.ts'
import { type LogLevel, logScope, pinoLog, stdoutWriter } from './adapters/log.ts'
import { prettyLine } from './adapters/log-pretty.ts'
import { pgApiKeys } from './adapters/postgres/api-keys.ts'
import { withDatabaseErrors } from './adapters/postgres/database-error.ts'
import { databaseHealth } from './adapters/postgres/health.ts'
import { pgInbox } from './adapters/postgres/inbox.ts'
import { pgJournal } from './adapters/postgres/journal.ts'
import { pgLearners } from './adapters/postgres/learners.ts'
import { targetsOf } from './app/alert/delivery.ts'
import type { ApiKeys } from './app/api-keys.ts'
import type { Dashboard } from './app/dashboard/dashboard.ts'
import { AppError } from './app/error.ts'
import type { DatabaseHealth, DatabaseRefusal, NeighbourHealth } from './app/health.ts'
import type { Inbox, Wake } from './app/jobs/inbox.ts'
import type { LastJob } from './app/jobs/job.ts'
import type { Journal } from './app/jobs/journal.ts'
import { lanes } from './app/jobs/lanes.ts'
import { periodicJobs } from './app/jobs/periodic.ts'
import { type Precedence, precedence } from './app/jobs/precedence.ts'
import type { SlotClass } from './app/jobs/sources.ts'
import type { Learners } from './app/learner/learners.ts'
import type { InspectAudio } from './app/lesson/audio.ts'
import { memoise } from './app/memoise.ts'
import type { Metrics } from './app/metrics/metrics.ts'
import type { Log, Now, Random, Sleep } from './app/ports.ts'
import type { PersonalData } from './app/privacy/personal-data.ts'
import { ConfigError } from './config/environment.ts'
import { secretsOf } from './config/secrets.ts'
import { type Config, parseConfig } from './config.ts'
import {
  askNeighbours,
  dashboardOn,
  inspectAudio,
  openMetrics,
  openPersonalData,
} from './deps/on-demand.ts'
import { cachePruning, tallyingJob, watchOver } from './deps/sweep-work.ts'
import { isPriced } from './domain/lesson/prices.ts'
import { type LessonListeners, lessonListeners } from './http/lesson/listeners.ts'
import type { Worker, WorkerDeps } from './worker.ts'

/** Everything the functions and scripts are made of. */
export type Deps = {
  config: Config
  log: Log
  now: Now
  sleep: Sleep
  database: Database
  inbox: Inbox
  journal: Journal
  learners: Learners
  /** The lesson API's requests that wait for their jobs in this process. */
  listeners: LessonListeners
  apiKeys: ApiKeys
  inspectAudio: InspectAudio
  /** Loaded with the first use: few requests are about it. */
  personalData(): Promise<PersonalData>
  /** Loaded with the first use, too. */
  metrics(): Promise<Metrics>
  /** Loaded with the first use, too: the operator's page. */
  dashboard(): Promise<Dashboard>
  databaseHealth(): Promise<DatabaseHealth | DatabaseRefusal>
  neighbourHealth(): Promise<NeighbourHealth>
  /** Runs a lane's jobs, here and now, the first in one of these slots; up to and with the job `last`, if given. */
  drain(lane: string, slots: SlotClass, last?: LastJob): Promise<void>
  wake: Wake
  /** Does work whose result a caller awaits: lanes that are woken meanwhile wait for it. */
  first: Precedence['first']
  /** Starts work beside the request; a failure is logged as `<name>_failed`. */
  beside(name: string, work: () => Promise<void>): void
  /** Wakes the lanes that are due; how many. */
  sweep(): Promise<number>
  /** Deletes jobs, and entries of the cache, that have outlived their use; how many. */
  prune(): Promise<number>
  /** Sweeps beside the request, at most every 10 s, and prunes at most every hour. */
  sweepSoon(): void
  /** Lets running jobs end and takes no new one. */
  stop(): void
  /** Resolves when nothing that was started beside a request is running. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** What is neither configuration nor a neighbour: time, chance, and where the log is printed. */
export type Surroundings = { sleep: Sleep; now: Now; random: Random; print: Print }

type Print = (line: string) => void

/**
 * While deliveries are always being acknowledged, a lane is taken up so often all the same: more than a
 * process can teach lessons.
 */
const JOB_BEGINS_EVERY_MS = 20

/** The dependencies of this process, made at the first call. Throws AppError 'misconfigured'. */
export const getDeps: () => Promise<Deps> = memoise(() =>
  createDeps(process.env).catch((error: unknown) => {
    // The callers have no log without these.
    logTo(process.env, 'error').error('start_failed', { error })
    throw error
  }),
)

/**
 * Composes everything from the environment. The only composition root. Tests give it a `sleep` that does
 * not wait, and a clock, chance and log of their own.
 */
export async function createDeps(
  env: NodeJS.ProcessEnv,
  surroundings: Partial<Surroundings> = {},
): Promise<Deps> {
  const { sleep, now, random, print } = { ...SYSTEM, ...surroundings }
  const config = configFrom(env)
  const scope = logScope()
  const write: Print = config.isLogPretty ? (line) => print(prettyLine(line)) : print
  const log = logTo(env, config.logLevel, write, scope)
  const database = await openTables(config, log)
  warnOfUnknownPrices(config, log)
  const tools = {
    config,
    log,
    logScope: scope,
    now,
    sleep,
    random,
    database,
    ...openStores(database, config),
    personalData: memoise(() => openPersonalData(database, now)),
    metrics: memoise(() => openMetrics(database)),
    dashboard: memoise(() => dashboardOn(database, config, now)),
  }
  const stop = new AbortController()
  const { start, idle } = background({ isVercel: config.isVercel, log })
  // A job that wakes another's lane is not the one whose lines that lane writes.
  const beside: Deps['beside'] = (name, work) => scope.within(() => start(name, work))
  const stopping = stop.signal
  const { closeWorker, ...lanes } = openLanes({ ...tools, inspectAudio, beside, stopping })
  return {
    ...tools,
    ...lanes,
    apiKeys: withDatabaseErrors(pgApiKeys(database.db)),
    ...withDatabaseErrors({ databaseHealth: () => databaseHealth(database.db) }),
    neighbourHealth: () => askNeighbours(config, { log, now, sleep }),
    inspectAudio,
    beside,
    stop: () => stop.abort(),
    idle,
    async close() {
      await closeWorker()
      await database.close()
    },
  }
}

/** Opens the database. PGlite belongs to this process alone, which therefore migrates it. */
async function openTables(config: Config, log: Log): Promise<Database> {
  const database = await openDatabase({
    ...config.database,
    onIdleError: (error) => log.warn('database_connection_lost', { error }),
    ...(config.logLevel === 'debug' && { onStatement: logStatement(log) }),
  })
  if (database.driver === 'pglite') await migrateUp(database.db)
  return database
}

function openStores({ db }: Database, config: Config) {
  return {
    inbox: withDatabaseErrors(pgInbox(db, config)),
    journal: withDatabaseErrors(pgJournal(db)),
    learners: pgLearners(db),
    listeners: lessonListeners(),
  }
}

/** The lanes of this process, and the worker that drains them. */
function openLanes(deps: Omit<WorkerDeps, 'wake'> & Pick<Deps, 'beside'>) {
  const { inbox, log, sleep, beside, now, database } = deps
  const { first, calm } = precedence({ sleep, everyMs: JOB_BEGINS_EVERY_MS })
  let openWorker: Worker | undefined
  const worker = memoise(async () => {
    // Loading it holds the event loop up: an answer that is ready goes out first.
    await nextTurn()
    const { createWorker } = await import('./worker.ts')
    openWorker = createWorker({ ...deps, wake })
    return openWorker
  })
  async function drain(lane: string, slots: SlotClass, last?: LastJob): Promise<void> {
    await (await worker()).drain(lane, slots, last)
  }
  const monotonicMs = () => performance.now()
  const isWatched = targetsOf(deps.config.alerts).length > 0
  const watch = isWatched ? () => watchOver({ ...deps, wake }) : undefined
  const { wake, ...sweeping } = lanes({
    inbox,
    pruneCache: cachePruning(deps),
    log,
    drain,
    calm,
    beside,
    watch,
    monotonicMs,
    addPeriodicJobs: periodicJobs({ inbox, now }, [tallyingJob(database)]),
  })
  // A worker that was never needed is not made in order to be closed.
  const closeWorker = async () => openWorker?.close()
  return { drain, wake, first, ...sweeping, closeWorker }
}

/** Statements have placeholders for all that they are given. */
function logStatement(log: Log) {
  return (sql: string, durationMs: number) =>
    log.debug('statement_ended', { sql, ms: Math.round(durationMs * 10) / 10 })
}

/** Lessons go on: the budget counts what is held back for each of them. */
function warnOfUnknownPrices({ stt, chat, tts, prices }: Config, log: Log): void {
  const models = Object.entries({ transcribe: stt.model, reply: chat.model, speak: tts.model })
  for (const [stage, model] of models)
    if (!isPriced(model, prices)) log.warn('price_unknown', { stage, model })
}

function logTo(
  env: NodeJS.ProcessEnv,
  level: LogLevel,
  print: Print = SYSTEM.print,
  scope?: ReturnType<typeof logScope>,
): Log {
  return pinoLog({ level, secrets: secretsOf(env), write: print, ...(scope && { scope }) })
}

const SYSTEM: Surroundings = {
  sleep: (ms, signal) => delay(ms, undefined, signal && { signal }),
  now: () => new Date(),
  random: Math.random,
  print: stdoutWriter(),
}

function configFrom(env: NodeJS.ProcessEnv): Config {
  try {
    return parseConfig(env)
  } catch (error) {
    // The edges answer with codes of the app's.
    if (!(error instanceof ConfigError)) throw error
    throw new AppError('misconfigured', error.problems.join('; '), { cause: error })
  }
}

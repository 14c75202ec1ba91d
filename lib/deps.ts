import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { waitUntil } from '@vercel/functions'
import { migrateUp } from '../db/migrate.ts'
import { type Database, openDatabase } from '../db/open.ts'
import { type LogLevel, pinoLog } from './adapters/log.ts'
import { pgApiKeys } from './adapters/postgres/api-keys.ts'
import { pgBreaker } from './adapters/postgres/breaker.ts'
import { withDatabaseErrors } from './adapters/postgres/database-error.ts'
import { databaseHealth } from './adapters/postgres/health.ts'
import { pgInbox } from './adapters/postgres/inbox.ts'
import { pgJournal } from './adapters/postgres/journal.ts'
import { pgLearners } from './adapters/postgres/learners.ts'
import { pgLessons } from './adapters/postgres/lessons.ts'
import { pgQuota } from './adapters/postgres/quota.ts'
import type { ApiKeys } from './app/api-keys.ts'
import { AppError } from './app/error.ts'
import type { DatabaseHealth, NeighbourHealth } from './app/health.ts'
import type { Inbox, Wake } from './app/jobs/inbox.ts'
import type { JobKey } from './app/jobs/job.ts'
import type { Journal } from './app/jobs/journal.ts'
import { type Precedence, precedence } from './app/jobs/precedence.ts'
import { LANES_PER_SWEEP, prune, sweep } from './app/jobs/sweep.ts'
import { timingsUnder } from './app/jobs/timings.ts'
import type { Learners } from './app/learner/learners.ts'
import type { InspectAudio } from './app/lesson/audio.ts'
import type { Log, Now, Random, Sleep } from './app/ports.ts'
import { turns } from './app/turns.ts'
import { type Config, ConfigError, parseConfig, secretsOf } from './config.ts'
import { type LessonListeners, lessonListeners } from './http/lesson/listeners.ts'

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
  databaseHealth(): Promise<DatabaseHealth>
  neighbourHealth(): Promise<NeighbourHealth>
  /** Runs a lane's jobs, here and now; up to and with the job `last`, if given. */
  drain(lane: string, last?: JobKey): Promise<void>
  wake: Wake
  /** Does what somebody is waiting for: lanes that are woken meanwhile wait for it. */
  first: Precedence['first']
  /** Goes on with something beside the request; `what` is its name in the log. */
  beside(what: string, work: () => Promise<void>): void
  /** Wakes what is due; how many lanes. */
  sweep(): Promise<number>
  /** Deletes what has outlived its use; how many rows. */
  prune(): Promise<number>
  /** As `sweep`, beside the request, at most once in SWEEP_INTERVAL_MS. */
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

const SWEEP_INTERVAL_MS = 10_000
const PRUNE_INTERVAL_MS = 3_600_000
/**
 * Jobs that this process runs at once: more lessons than one core can teach in a second. With 200 at once it no
 * longer got round to its statements within their deadline: jobs failed and were paid twice.
 */
const JOBS_AT_ONCE = 24

/**
 * While deliveries are always being acknowledged, a lane is taken up so often all the same: more than a
 * process can teach lessons.
 */
const JOB_BEGINS_EVERY_MS = 20

/** The dependencies of this process, made at the first call. Throws AppError 'misconfigured'. */
export const getDeps: () => Promise<Deps> = once(() =>
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
  {
    sleep = timer,
    now = systemClock,
    random = Math.random,
    print = toStdout,
  }: Partial<Surroundings> = {},
): Promise<Deps> {
  const config = configFrom(env)
  const log = logTo(env, config.logLevel, print)
  const database = await openDatabase({
    ...config.database,
    onIdleError: (error) => log.warn('database_connection_lost', { error }),
  })
  if (database.driver === 'pglite') await migrateUp(database.db)

  const { db } = database
  const inbox = withDatabaseErrors(pgInbox(db, config))
  const journal = withDatabaseErrors(pgJournal(db))
  const learners = withDatabaseErrors(pgLearners(db))
  const stop = new AbortController()
  const tools = { log, sleep, now, random, stopping: stop.signal }
  const listeners = lessonListeners()
  const stores = { inbox, journal, learners, listeners, wake }
  const worker = once(async () => {
    // Loading it holds the event loop up: an answer that is ready goes out first.
    await nextTurn()
    return createWorker(config, tools, database, stores)
  })
  const beside = background(config, log)

  const { first, turn } = precedence({ sleep, everyMs: JOB_BEGINS_EVERY_MS })
  function wake(lane: string): void {
    beside.start('drain', async () => {
      await turn()
      await drain(lane)
    })
  }
  async function drain(lane: string, last?: JobKey): Promise<void> {
    await (await worker()).drain(lane, last)
  }
  const swept = new Set<string>()
  // Where the lane still waits for its turn since an earlier sweep, another drain would find nothing more.
  function wakeOnce(lane: string): void {
    if (swept.has(lane)) return
    swept.add(lane)
    beside.start('drain', () => drain(lane).finally(() => swept.delete(lane)))
  }

  let sweptAt = Number.NEGATIVE_INFINITY
  let prunedAt = Number.NEGATIVE_INFINITY
  async function sweepAndPrune(): Promise<void> {
    await sweep({ inbox, wake: wakeOnce, log })
    if (performance.now() - prunedAt < PRUNE_INTERVAL_MS) return
    prunedAt = performance.now()
    await prune({ inbox })
  }
  return {
    config,
    log,
    now,
    sleep,
    database,
    inbox,
    journal,
    learners,
    listeners,
    apiKeys: withDatabaseErrors(pgApiKeys(db)),
    inspectAudio,
    ...withDatabaseErrors({ databaseHealth: () => databaseHealth(db) }),
    neighbourHealth: () => askNeighbours(config, { log, sleep }),
    drain,
    wake,
    first,
    beside: beside.start,
    sweep: () => sweep({ inbox, wake: wakeOnce, log }, LANES_PER_SWEEP),
    prune: () => prune({ inbox }),
    sweepSoon() {
      if (performance.now() - sweptAt < SWEEP_INTERVAL_MS) return
      sweptAt = performance.now()
      beside.start('sweep', sweepAndPrune)
    },
    stop: () => stop.abort(),
    idle: beside.idle,
    close: () => database.close(),
  }
}

function logTo(env: NodeJS.ProcessEnv, level: LogLevel, print: Print = toStdout): Log {
  return pinoLog({ level, secrets: secretsOf(env), write: print })
}

const toStdout: Print = (line) => void process.stdout.write(line)

const systemClock: Now = () => new Date()
const timer: Sleep = (ms, signal) => delay(ms, undefined, signal && { signal })

async function inspectAudio(bytes: Uint8Array) {
  const { inspectAudio: inspect } = await import('./adapters/audio/file.ts')
  const file = await inspect(bytes)
  return file && { bytes, ...file }
}

async function askNeighbours(
  config: Config,
  tools: { log: Log; sleep: Sleep },
): Promise<NeighbourHealth> {
  const [{ neighbourHealth }, { telegramCalls }] = await Promise.all([
    import('./adapters/neighbour-health.ts'),
    import('./adapters/telegram/call.ts'),
  ])
  return neighbourHealth(telegramCalls(config.telegram, tools), config.chat)
}

/** What runs jobs. Loaded when the first one is: acknowledging an update needs none of it. */
async function createWorker(
  config: Config,
  tools: Omit<Surroundings, 'print'> & { log: Log; stopping: AbortSignal },
  { db }: Database,
  stores: {
    inbox: Inbox
    journal: Journal
    learners: Learners
    listeners: LessonListeners
    wake: Wake
  },
) {
  const [{ drain }, { telegramJobs }, { apiJobs }, { telegramApi }, stt, tutors, speakers] =
    await Promise.all([
      import('./app/jobs/drain.ts'),
      import('./bot/bot.ts'),
      import('./http/lesson/job-handler.ts'),
      import('./adapters/telegram/api.ts'),
      import('./adapters/openai/transcriber.ts'),
      import('./adapters/openai/tutor.ts'),
      import('./adapters/openai/speech/speaker.ts'),
    ])
  const { log, now } = tools
  const breaker = withDatabaseErrors(pgBreaker(db))
  const telegram = telegramApi(config.telegram, tools)
  const lessonDeps = {
    ...stores,
    breaker,
    telegram,
    inspectAudio,
    log,
    now,
    lessons: withDatabaseErrors(pgLessons(db)),
    quota: withDatabaseErrors(pgQuota(db, config)),
    transcriber: stt.openaiTranscriber({ endpoint: config.stt, model: config.stt.model, ...tools }),
    tutor: tutors.openaiTutor({ endpoint: config.chat, model: config.chat.model, ...tools }),
    speaker: speakers.speakerFor({ endpoint: config.tts, ...config.tts, ...tools }),
  }
  const telegramHandler = telegramJobs(lessonDeps)
  const apiHandler = apiJobs(lessonDeps)
  const handlerOf = (source: string) => (source.startsWith('tg:') ? telegramHandler : apiHandler)
  const inTurn = turns(JOBS_AT_ONCE)
  const timings = timingsUnder(config)
  const drainDeps = { ...stores, ...tools, breaker, handlerOf, inTurn, timings }
  return { drain: (lane: string, last?: JobKey) => drain(drainDeps, lane, last) }
}

/** Work beside a request: the platform is asked to wait for it, and nothing depends on that. */
function background({ isVercel }: Config, log: Log) {
  const running = new Set<Promise<void>>()
  return {
    start(what: string, work: () => Promise<void>) {
      const promise = work()
        .catch((error: unknown) => log.error(`${what}_failed`, { error }))
        .finally(() => running.delete(promise))
      running.add(promise)
      if (isVercel) waitUntil(promise)
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
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

/** A function that is called once, and again only if it failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}

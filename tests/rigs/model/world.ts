import { type Kysely, sql } from 'kysely'
import { serve } from 'srvx'
import { openDatabase } from '../../../db/open.ts'
import type { Tables } from '../../../db/tables.ts'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import type { Plan } from '../../../lib/app/lesson/quota.ts'
import { type OpenaiStandIn, startOpenai } from '../../../scripts/studio/openai/stand-in.ts'
import { startTelegram, type TelegramStandIn } from '../../../scripts/studio/telegram/stand-in.ts'
import { installClock } from '../database-clock.ts'
import { forgetHistory, recordHistory } from '../job-history.ts'
import { createMigratedPostgresDatabase } from '../postgres/postgres.ts'
import { newSecret, newSecrets } from '../secrets.ts'
import { type ModelClock, modelClock } from './clock.ts'
import { type Instance, startInstance } from './instance.ts'
import type { Settings } from './settings.ts'

/** What all runs of the model share: one database, both stand-ins, one clock. */
export type ModelWorld = {
  db: Kysely<Tables>
  telegram: TelegramStandIn
  openai: OpenaiStandIn
  clock: ModelClock
  /** The secrets that no instance may print, by the names of their variables. */
  secrets: Readonly<Record<string, string>>
  /** A key of the lesson API. */
  apiKey: string
  /** True for several instances on PostgreSQL, which can be killed; false for PGlite's one, which cannot. */
  isReal: boolean
  /** Starts an instance by a run's settings; on PGlite it is the one there is. */
  start(
    settings: Pick<Settings, 'plan' | 'env'>,
    options: { onPiece(instance: Instance): void | Promise<void>; print(line: string): void },
  ): Promise<Instance>
  /** Sets where Telegram's deliveries go. */
  route(take: (request: Request) => Promise<Response>): void
  /** Empties the tables and the history, for the next run. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** PGlite's one instance cannot be given another. */
export const PGLITE_PLAN: Plan = { text: 3, voice: 2 }

const TABLES =
  'inbox, journal, breaker, expectation, learner, quota_use, budget_day, lesson, mistake, star_entry, fact, usage, measurement, tally, api_key_use' as const

/** Opens a world on real PostgreSQL, or on PGlite. */
export async function openModelWorld({
  isReal,
  seed,
}: {
  isReal: boolean
  seed: number
}): Promise<ModelWorld> {
  const clock: ModelClock = modelClock(() => database.db, seed)
  const [telegram, openai, receiver] = await Promise.all([
    // A resend waits no time, but lets everything that is ready run first.
    startTelegram({
      token: `12345:${newSecret()}`,
      now: clock.now,
      delay: () => new Promise((resolve) => setImmediate(resolve)),
    }),
    startOpenai(),
    openReceiver(),
  ])
  const secrets = newSecrets(telegram.token)
  telegram.setWebhook(`${receiver.url}webhook`, secrets.TELEGRAM_WEBHOOK_SECRET)
  const env = {
    ...secrets,
    TELEGRAM_API_ROOT: telegram.url,
    OPENAI_BASE_URL: openai.url,
    LOG_LEVEL: 'info',
    // The same words are spoken again and again, and each time counts.
    CACHE_MAX_MB: '0',
    DAILY_BUDGET_USD: '1000',
  }
  const database = isReal ? await openPostgres(env, clock) : await openPglite(env, clock)

  return {
    db: database.db,
    telegram,
    openai,
    clock,
    secrets,
    apiKey: await createApiKey(database.db, { name: 'the model', telegramLearners: false }),
    isReal,
    start: ({ plan, env: ownEnv }, listeners) =>
      database.start({ ...planEnv(plan), ...ownEnv }, listeners),
    route: receiver.route,
    async clear() {
      await sql`truncate ${sql.raw(TABLES)}`.execute(database.db)
      await forgetHistory(database.db)
    },
    async close() {
      await receiver.close()
      await Promise.all([telegram.stop(), openai.stop(), database.close()])
    },
  }
}

/** Takes Telegram's deliveries, to wherever they are led. */
async function openReceiver() {
  let take: (request: Request) => Promise<Response> = async () =>
    new Response(null, { status: 502 })
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    silent: true,
    fetch: (request) => take(request),
  })
  await server.ready()
  return {
    url: server.url,
    route(taker: typeof take) {
      take = taker
    },
    close: () => server.close(true),
  }
}

type Listeners = Parameters<ModelWorld['start']>[1]

/** A database, and how instances are started on it. */
type ModelDatabase = {
  db: Kysely<Tables>
  start(ownEnv: NodeJS.Dict<string>, listeners: Listeners): Promise<Instance>
  close(): Promise<void>
}

async function openPostgres(
  env: Readonly<Record<string, string>>,
  clock: ModelClock,
): Promise<ModelDatabase> {
  const { url, drop } = await createMigratedPostgresDatabase()
  const first = await openDatabase({ url, pgliteDir: '' })
  await prepare(first.db)
  await first.close()
  // Only sessions from now on have the clock.
  const { db, close } = await openDatabase({ url, pgliteDir: '' })
  return {
    db,
    start: (ownEnv, listeners) =>
      startInstance({ env: { ...env, ...ownEnv, DATABASE_URL: url }, clock, ...listeners }),
    async close() {
      await close()
      await drop()
    },
  }
}

/** PGlite has one instance, which is started with it: runs only change who listens to it. */
async function openPglite(
  env: Readonly<Record<string, string>>,
  clock: ModelClock,
): Promise<ModelDatabase> {
  let listeners: Listeners = { onPiece() {}, print() {} }
  const instance = await startInstance({
    env: { ...env, ...planEnv(PGLITE_PLAN), PGLITE_DIR: 'memory://' },
    clock,
    onPiece: (piece) => listeners.onPiece(piece),
    print: (line) => listeners.print(line),
  })
  const { db } = instance.database
  await prepare(db)
  return {
    db,
    async start(_, newListeners) {
      listeners = newListeners
      return instance
    },
    close: instance.close,
  }
}

/** Gives a database the model's clock, and has it record what becomes of jobs. */
async function prepare(db: Kysely<Tables>): Promise<void> {
  await installClock(db)
  await recordHistory(db)
}

function planEnv({ text, voice }: Plan) {
  return { FREE_TEXT_PER_DAY: String(text), FREE_VOICE_PER_DAY: String(voice) }
}

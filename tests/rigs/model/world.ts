import { randomBytes } from 'node:crypto'
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
  const [telegram, openai] = await Promise.all([
    // A resend waits no time, but lets everything that is ready run first.
    startTelegram({
      token: `12345:${secret()}`,
      now: clock.now,
      delay: () => new Promise((resolve) => setImmediate(resolve)),
    }),
    startOpenai(),
  ])
  let take: (request: Request) => Promise<Response> = async () =>
    new Response(null, { status: 502 })
  const receiver = serve({
    port: 0,
    hostname: '127.0.0.1',
    silent: true,
    fetch: (request) => take(request),
  })
  await receiver.ready()
  const secrets = {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_WEBHOOK_SECRET: secret(),
    OPENAI_API_KEY: secret(),
    CRON_SECRET: secret(),
    ADMIN_TOKEN: secret(),
  }
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

  let listeners: Parameters<ModelWorld['start']>[1] = { onPiece() {}, print() {} }
  const database = isReal ? await openPostgres() : await openPglite()

  async function openPostgres() {
    const { url, drop } = await createMigratedPostgresDatabase()
    const first = await openDatabase({ url, pgliteDir: '' })
    await installClock(first.db)
    await recordHistory(first.db)
    await first.close()
    // Only sessions from now on have the clock.
    return { ...(await openDatabase({ url, pgliteDir: '' })), url, drop, instance: undefined }
  }

  async function openPglite() {
    const instance = await startInstance({
      env: { ...env, ...planEnv(PGLITE_PLAN), PGLITE_DIR: 'memory://' },
      clock,
      onPiece: (piece) => listeners.onPiece(piece),
      print: (line) => listeners.print(line),
    })
    await installClock(instance.database.db)
    await recordHistory(instance.database.db)
    return {
      db: instance.database.db,
      url: '',
      // The memory of PGlite is gone with its instance.
      drop: async () => {},
      close: instance.close,
      instance,
    }
  }

  return {
    db: database.db,
    telegram,
    openai,
    clock,
    secrets,
    apiKey: await createApiKey(database.db, { name: 'the model', telegramLearners: false }),
    isReal,
    async start({ plan, env: ownEnv }, options) {
      if (database.instance !== undefined) {
        listeners = options
        return database.instance
      }
      const instanceEnv = { ...env, ...planEnv(plan), ...ownEnv, DATABASE_URL: database.url }
      return startInstance({ env: instanceEnv, clock, ...options })
    },
    route(taker) {
      take = taker
    },
    async clear() {
      await sql`truncate ${sql.raw(TABLES)}`.execute(database.db)
      await forgetHistory(database.db)
    },
    async close() {
      await receiver.close(true)
      await Promise.all([telegram.stop(), openai.stop(), database.close()])
      await database.drop()
    },
  }
}

function planEnv({ text, voice }: Plan) {
  return { FREE_TEXT_PER_DAY: String(text), FREE_VOICE_PER_DAY: String(voice) }
}

// Drawn anew each time: no key stands in the sources.
function secret(): string {
  return randomBytes(24).toString('base64url')
}

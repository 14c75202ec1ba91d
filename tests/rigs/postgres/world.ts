import { type Kysely, sql } from 'kysely'
import { serve } from 'srvx'
import { openDatabase } from '../../../db/open.ts'
import type { Tables } from '../../../db/tables.ts'
import type { Sleep } from '../../../lib/app/ports.ts'
import { createDeps, type Deps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { healthOf } from '../../../lib/http/health.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'
import { scrapeMetrics } from '../../../lib/http/metrics/scrape.ts'
import { sweepNow } from '../../../lib/http/sweep.ts'
import { takeDelivery } from '../../../lib/http/webhook/delivery.ts'
import { type OpenaiStandIn, startOpenai } from '../../../scripts/studio/openai/stand-in.ts'
import { startTelegram, type TelegramStandIn } from '../../../scripts/studio/telegram/stand-in.ts'
import { beginDay, createMigratedPostgresDatabase } from './postgres.ts'
import { openPostgresRelay, type PostgresRelay } from './relay.ts'

export const CRON_SECRET = 'a-cron-secret-of-the-proof'
export const ADMIN_TOKEN = 'an-admin-token-of-the-proof'
const WEBHOOK_SECRET = 'a-webhook-secret-of-the-proof'

const SETTINGS = {
  ENVIRONMENT: 'test',
  // The same words are spoken again and again, and each time counts.
  CACHE_MAX_MB: '0',
  TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET,
  OPENAI_API_KEY: 'no-key-is-needed',
  DAILY_BUDGET_USD: '1000',
  CRON_SECRET,
  ADMIN_TOKEN,
}

/** The product in this process, with a relay between it and its PostgreSQL. */
export type PostgresWorld = {
  /** Past the relay. */
  db: Kysely<Tables>
  relay: PostgresRelay
  telegram: TelegramStandIn
  openai: OpenaiStandIn
  /** The product as it is running now. */
  deps(): Deps
  /** Ends what runs, and starts it anew: no connection made, nothing swept. */
  restart(env?: NodeJS.Dict<string>): Promise<void>
  /** Asks a function. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** The lines of its log since the last restart. */
  logged(): string[]
  /** A number for a learner, a chat and a key that no other run has. */
  newId(): number
  stop(): Promise<void>
}

/**
 * Opens a world whose waits take no time: they pass in the database, where jobs fall due, and on the
 * product's clock. Only a statement that is never answered is waited for, `queryTimeoutMs`.
 */
export async function openPostgresWorld({
  queryTimeoutMs = 10_000,
}: {
  queryTimeoutMs?: number
} = {}): Promise<PostgresWorld> {
  const { url, drop } = await createMigratedPostgresDatabase()
  const [{ db, close }, relay, telegram, openai] = await Promise.all([
    openDatabase({ url, pgliteDir: '' }),
    openPostgresRelay(url),
    startTelegram({ resendScale: 0.002 }),
    startOpenai(),
  ])
  await beginDay(db)
  let waitedMs = 0
  const sleep: Sleep = async (ms, signal) => {
    waitedMs += ms
    await sql`update inbox set due_at = due_at - ${ms}::float8 * interval '1 millisecond'
      where state = 'waiting'`.execute(db)
    signal?.throwIfAborted()
  }
  const now = () => new Date(Date.now() + waitedMs)
  let lines: string[] = []
  const start = (env: NodeJS.Dict<string> = {}) =>
    createDeps(
      {
        ...SETTINGS,
        DATABASE_URL: `${relay.url}?query_timeout=${queryTimeoutMs}`,
        TELEGRAM_API_ROOT: telegram.url,
        TELEGRAM_BOT_TOKEN: telegram.token,
        OPENAI_BASE_URL: openai.url,
        ...env,
      },
      { sleep, now, random: () => 0, print: (line) => void lines.push(line) },
    )
  let deps = await start()

  const server = await serveFunctions(async () => deps)
  telegram.setWebhook(`${server.url}webhook`, WEBHOOK_SECRET)
  let ids = 1_000

  return {
    db,
    relay,
    telegram,
    openai,
    deps: () => deps,
    async restart(env) {
      const before = deps
      lines = []
      waitedMs = 0
      deps = await start(env)
      await before.idle()
      await before.close()
    },
    ask: (path, init) => fetch(new URL(path, server.url), init),
    logged: () => lines,
    newId() {
      ids += 1
      return ids
    },
    async stop() {
      await server.close(true)
      await deps.idle()
      await deps.close()
      await relay.stop()
      await Promise.all([telegram.stop(), openai.stop(), close()])
      await drop()
    },
  }
}

/** Serves the functions, on the product as it is at each request. */
async function serveFunctions(current: () => Promise<Deps>) {
  const routes = new Map([
    ['/webhook', answering(current, { POST: takeDelivery })],
    ['/api/v1/lessons/process', answering(current, { POST: processLesson })],
    ['/api/cron/sweep', answering(current, { GET: sweepNow })],
    ['/health', healthOf(current)],
    ['/metrics', answering(current, { GET: scrapeMetrics })],
  ])
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    silent: true,
    fetch: (request) =>
      routes.get(new URL(request.url).pathname)?.(request) ?? new Response(null, { status: 404 }),
  })
  await server.ready()
  return server
}

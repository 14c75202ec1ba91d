import { rmSync } from 'node:fs'
import { serve } from 'srvx'
import { createApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import { getDeps } from '../../lib/deps.ts'
import { functionRoutes } from '../../scripts/cli/routes.ts'
import { startOpenai } from '../../scripts/studio/openai/stand-in.ts'
import { startTelegram } from '../../scripts/studio/telegram/stand-in.ts'
import { newPgliteFolder } from '../support/pglite-folder.ts'

export type Served = Awaited<ReturnType<typeof serveFunctions>>

/** What opens the doors of the functions that `serveFunctions` serves. */
export const SECRETS = {
  TELEGRAM_WEBHOOK_SECRET: 'the-webhook-secret-of-the-doors',
  CRON_SECRET: 'the-cron-secret-of-the-doors',
  ADMIN_TOKEN: 'the-admin-token-of-the-doors',
} as const

/**
 * The very functions that are deployed, behind the very routes: in this process, which gets just this
 * environment, so once a test file. `ask` calls them with a Request of the test's, `url` is for all else.
 */
export async function serveFunctions(
  more: NodeJS.Dict<string> = {},
  routes: () => ReturnType<typeof functionRoutes> = functionRoutes,
) {
  const [telegram, openai, dir] = await Promise.all([
    startTelegram(),
    startOpenai(),
    newPgliteFolder(),
  ])
  process.env = {
    PATH: process.env.PATH,
    LOG_LEVEL: 'silent',
    PGLITE_DIR: dir,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    // The tests speak the same words again and again, and count each time.
    CACHE_MAX_MB: '0',
    OPENAI_BASE_URL: openai.url,
    OPENAI_API_KEY: 'no-key-is-needed',
    ...SECRETS,
    ...more,
  }
  const [deps, ask] = await Promise.all([getDeps(), routes()])
  const server = serve({ port: 0, hostname: '127.0.0.1', silent: true, fetch: ask })
  await server.ready()
  const url = new URL(server.url ?? '').origin
  telegram.setWebhook(`${url}/webhook`, SECRETS.TELEGRAM_WEBHOOK_SECRET)
  const { db } = deps.database
  let keys = 0
  return {
    ask: async (request: Request) => ask(request),
    url,
    deps,
    db,
    telegram,
    openai,
    newApiKey({ telegramLearners = false } = {}): Promise<string> {
      keys += 1
      return createApiKey(db, { name: `key ${keys}`, telegramLearners })
    },
    /** Signs in to the dashboard; what the cookie says. */
    async newSession(): Promise<string> {
      const request = new Request('https://bot.example/api/dashboard/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: SECRETS.ADMIN_TOKEN }),
      })
      const response = await ask(request)
      return /=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? ''
    },
    /** How many updates and requests were ever stored. */
    async storedJobs(): Promise<number> {
      const rows = await db.selectFrom('inbox').select('id').execute()
      return rows.length
    },
    async close() {
      await server.close(true)
      await deps.idle()
      await deps.close()
      await Promise.all([telegram.stop(), openai.stop()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

import { readFileSync, rmSync } from 'node:fs'
import { createApiKey, type NewApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import type { Sleep } from '../../lib/app/ports.ts'
import { createDeps } from '../../lib/deps.ts'
import { startOpenai } from '../../scripts/studio/openai/stand-in.ts'
import { startTelegram } from '../../scripts/studio/telegram/stand-in.ts'
import { newPgliteFolder } from './pglite-folder.ts'

export type Product = Awaited<ReturnType<typeof startProduct>>

/** Waits no time, but lets everything else that is ready go first. */
export const noWait: Sleep = async (_ms, signal) => {
  await new Promise((resolve) => setImmediate(resolve))
  signal?.throwIfAborted()
}

export const WEBHOOK_SECRET = 'a-webhook-secret'
export const CRON_SECRET = 'a-cron-secret-of-tests'
export const ADMIN_TOKEN = 'an-admin-token-of-tests'

/**
 * The whole product on a database of its own, with Telegram's and OpenAI's stand-ins over HTTP.
 *
 * `more` adds to its environment, or replaces. Providers are asked again without waiting.
 */
export async function startProduct(envOverrides: NodeJS.Dict<string> = {}) {
  const [telegram, openai, dir] = await Promise.all([
    startTelegram(),
    startOpenai(),
    newPgliteFolder(),
  ])
  const env = {
    ENVIRONMENT: 'test',
    LOG_LEVEL: 'silent',
    PGLITE_DIR: dir,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    // The same words are spoken again and again, and each time counts.
    CACHE_MAX_MB: '0',
    TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    OPENAI_BASE_URL: openai.url,
    OPENAI_API_KEY: 'no-key-is-needed',
    CRON_SECRET,
    ADMIN_TOKEN,
    ...envOverrides,
  }
  const deps = await createDeps(env, { sleep: noWait })
  const { db } = deps.database
  let keys = 0
  return {
    deps,
    db,
    telegram,
    openai,
    env,
    /** Makes an API key that no other test uses. */
    newApiKey({ telegramLearners = false, limits = {} }: Partial<NewApiKey> = {}): Promise<string> {
      keys += 1
      return createApiKey(db, { name: `key ${keys}`, telegramLearners, limits })
    },
    async close() {
      await deps.idle()
      await deps.close()
      await Promise.all([telegram.stop(), openai.stop()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** One of the recorded voice notes. */
export function recording(name: string): Uint8Array<ArrayBuffer> {
  const url = new URL(`../../scripts/studio/recordings/${name}.ogg`, import.meta.url)
  return new Uint8Array(readFileSync(url))
}

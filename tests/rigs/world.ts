import type { Kysely } from 'kysely'
import { openDatabase } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { speak } from '../../scripts/studio/openai/speech.ts'
import {
  type Latency,
  type OpenaiStandIn,
  startOpenai,
} from '../../scripts/studio/openai/stand-in.ts'
import { startTelegram, type TelegramStandIn } from '../../scripts/studio/telegram/stand-in.ts'
import { beginDay, createMigratedPostgresDatabase } from './postgres/postgres.ts'
import { type Instance, startInstance } from './processes.ts'
import { newSecret, newSecrets } from './secrets.ts'

/** The surroundings of an instance of the product: a database of its own, and both stand-ins. */
export type World = {
  db: Kysely<Tables>
  telegram: TelegramStandIn
  openai: OpenaiStandIn
  /** What `npm start` needs to run in it. */
  env: Readonly<Record<string, string>>
  /** The secrets in it, by the names of their variables: no process may ever print one. */
  secrets: Readonly<Record<string, string>>
  /** Starts one more instance; `extraEnv` is added to the environment. */
  start(extraEnv?: NodeJS.Dict<string>, options?: { preload?: string }): Promise<Instance>
  /** Leads Telegram's deliveries to an instance. */
  deliverTo(instance: Pick<Instance, 'url'>): void
  /** Everything that all instances have printed so far. */
  output(): string
  close(): Promise<void>
}

const SETTINGS = {
  LEASE_SECONDS: '1',
  // The same words are spoken again and again, and each time counts.
  CACHE_MAX_MB: '0',
  FREE_TEXT_PER_DAY: '1000',
  FREE_VOICE_PER_DAY: '1000',
  DAILY_BUDGET_USD: '1000',
  LOG_LEVEL: 'debug',
  PORT: '0',
}

/**
 * Opens a world on real PostgreSQL. The lease is a second, so that what a killed process held is taken
 * up soon; plans are large, so that no lesson is refused for quota. Commits wait for the disk where `waitsForDisk`.
 */
export async function openWorld(
  options: { latency?: Partial<Latency>; env?: NodeJS.Dict<string>; waitsForDisk?: boolean } = {},
): Promise<World> {
  const { waitsForDisk = false } = options
  const { url, drop } = await createMigratedPostgresDatabase({ waitsForDisk })
  // The tests' PostgreSQL asks for no password, and so accepts this one.
  const withPassword = new URL(url)
  withPassword.password = newSecret()
  const [{ db, close }, telegram, openai] = await Promise.all([
    openDatabase({ url, pgliteDir: '' }),
    startTelegram({ token: `12345:${newSecret()}`, resendScale: 0.02 }),
    startOpenai(options.latency === undefined ? {} : { latency: options.latency, speak }),
  ])
  await beginDay(db)
  const secrets = { ...newSecrets(telegram.token), DATABASE_URL: withPassword.href }
  const env = {
    ...secrets,
    TELEGRAM_API_ROOT: telegram.url,
    OPENAI_BASE_URL: openai.url,
    ...SETTINGS,
    ...options.env,
  }
  const instances: Instance[] = []
  return {
    db,
    telegram,
    openai,
    env,
    secrets: { ...secrets, DATABASE_PASSWORD: withPassword.password },
    async start(extraEnv, options) {
      const instance = await startInstance({ ...env, ...extraEnv }, options)
      instances.push(instance)
      return instance
    },
    deliverTo(instance) {
      telegram.setWebhook(`${instance.url}/webhook`, secrets.TELEGRAM_WEBHOOK_SECRET)
    },
    output: () => instances.map((instance) => instance.output()).join(''),
    async close() {
      await Promise.all(instances.map((instance) => instance.end('SIGKILL')))
      await Promise.all([telegram.stop(), openai.stop(), close()])
      await drop()
    },
  }
}

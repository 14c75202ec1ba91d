import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../db/open.ts'
import { listModels, type ModelList } from '../../lib/adapters/openai/model-list.ts'
import { dutyAges } from '../../lib/adapters/postgres/checks.ts'
import { type CallTelegram, telegramCalls } from '../../lib/adapters/telegram/call.ts'
import type { DutyAge } from '../../lib/app/check/work.ts'
import { AppError } from '../../lib/app/error.ts'
import { memoise } from '../../lib/app/memoise.ts'
import type { Log, Now, Sleep } from '../../lib/app/ports.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import {
  type Config,
  parseConfig,
  parseDatabaseConfig,
  parseWebhookConfig,
} from '../../lib/config.ts'
import { databaseProblem } from '../cli/operator-database.ts'
import { readWebhookInfo, type WebhookInfo } from '../cli/webhook-info.ts'
import { telegramFailure } from '../cli/webhook-words.ts'

/** What several checks look at, each asked for once. */
export type Facts = {
  now: Now
  sleep: Sleep
  nodeVersion: string
  redisUrl: string | undefined
  /** The whole configuration, or what is wrong with it. */
  config: Config | ConfigError
  database: DatabaseFacts
  telegram: TelegramFacts | ConfigError
  /** The models that a server lists under a key. */
  models(endpoint: { baseUrl: string; apiKey: string }): Promise<ModelList>
  /** May cost a fraction of a cent. */
  isPaid: boolean
  close(): Promise<void>
}

export type DatabaseFacts = {
  /** Names it without its password. */
  config: ReturnType<typeof parseDatabaseConfig> | ConfigError
  /** False where PGlite has made no database yet: opening it would. */
  isMade: boolean
  /** When each duty was done last, as it was before this look: asking for /health starts a sweep. */
  duties(): Promise<readonly DutyAge[]>
  /** Rejects where it cannot be opened: a folder that another process holds. */
  open(): Promise<Database>
  /** A sentence where an operator can mend it. */
  problemOf(error: unknown): string
}

export type TelegramFacts = {
  call: CallTelegram
  webhookSecret: string | undefined
  webhookUrl: string | undefined
  webhookInfo(): Promise<WebhookInfo>
  /** A sentence with what to do; rejects with what is no failure of Telegram's. */
  problemOf(error: unknown): string
}

/** Shorter than a check's deadline, so that the error says what was waited for. */
const CONNECT_TIMEOUT_MS = 4_000
const QUERY_TIMEOUT_MS = 4_500

/** Gathers what the checks of an environment look at; nothing is asked before a check asks. */
export function factsOf(
  env: NodeJS.ProcessEnv,
  tools: { now: Now; sleep: Sleep; nodeVersion: string; isPaid: boolean },
): Facts {
  const config = parseOrError(() => parseConfig(env))
  const database = databaseFacts(env)
  const lists = new Map<string, Promise<ModelList>>()
  return {
    ...tools,
    redisUrl: env.REDIS_URL?.trim() || undefined,
    config,
    database,
    telegram: telegramFacts(env, tools.sleep),
    models({ baseUrl, apiKey }) {
      const key = JSON.stringify([baseUrl, apiKey])
      const list = lists.get(key) ?? listModels({ baseUrl, apiKey })
      lists.set(key, list)
      return list
    },
    close: database.close,
  }
}

function databaseFacts(env: NodeJS.ProcessEnv): DatabaseFacts & Pick<Facts, 'close'> {
  const config = parseOrError(() => parseDatabaseConfig(env))
  const isMade =
    config instanceof ConfigError ||
    config.url !== undefined ||
    existsSync(join(config.pgliteDir, 'PG_VERSION'))
  let opening: Promise<Database> | undefined
  const open = memoise(async () => {
    if (config instanceof ConfigError) throw config
    if (!isMade) throw new Error(`There is no database yet in ${config.pgliteDir}.`)
    const timeouts = { connectTimeoutMs: CONNECT_TIMEOUT_MS, queryTimeoutMs: QUERY_TIMEOUT_MS }
    // A connection that fails while idle is told by the next statement.
    opening = openDatabase({ ...config, ...timeouts, onIdleError: () => {} })
    return opening
  })
  return {
    config,
    isMade,
    open,
    duties: memoise(async () => dutyAges((await open()).db)),
    problemOf(error) {
      const message = error instanceof Error ? error.message : String(error)
      if (config instanceof ConfigError) return message
      return databaseProblem(error, config) ?? message
    },
    async close() {
      // One that could not be opened has nothing to close.
      const database = await opening?.catch(() => undefined)
      await database?.close()
    },
  }
}

function telegramFacts(env: NodeJS.ProcessEnv, sleep: Sleep): TelegramFacts | ConfigError {
  const config = parseOrError(() => parseWebhookConfig(env))
  if (config instanceof ConfigError) return config
  const call = telegramCalls(config, { log: SILENT, sleep })
  return {
    call,
    webhookSecret: config.webhookSecret,
    webhookUrl: config.webhookUrl,
    webhookInfo: memoise(() => readWebhookInfo(call)),
    problemOf(error) {
      if (error instanceof AppError) return telegramFailure(error, config.apiRoot)
      return `Telegram's answer cannot be read: ${error instanceof Error ? error.name : 'no error'}.`
    },
  }
}

/** The operator reads how a call ends, not each of its retries. */
export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} }

function parseOrError<T>(parse: () => T): T | ConfigError {
  try {
    return parse()
  } catch (error) {
    // What is wrong with it is a finding.
    if (error instanceof ConfigError) return error
    throw error
  }
}

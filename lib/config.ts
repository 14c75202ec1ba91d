import { z } from 'zod'
import { type Environment, readEnvironment } from './config/environment.ts'
import type { OwnPrices } from './config/prices-file.ts'
import { problemsTogether, stageProblems } from './config/required-variables.ts'
import {
  chatFields,
  databaseFields,
  telegramFields,
  Variables,
  webhookBase,
  webhookSecret,
} from './config/variables.ts'

/** Which OpenAI-shaped server a stage asks, with which model. */
export type Stage = { baseUrl: string; apiKey: string; model: string }

export type Config = {
  environment: 'development' | 'test' | 'preview' | 'production'
  /** ENVIRONMENT says development in so many words. */
  showsTracebacks: boolean
  /** The platform waits for work after the answer by `waitUntil`. */
  isVercel: boolean
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** The log is for a person at a terminal, not one JSON object a line. */
  isLogPretty: boolean
  port: number
  /** The address that `npm start` listens on: a name or number of this machine; all of them where undefined. */
  host: string | undefined
  database: DatabaseConfig
  telegram: TelegramConfig & {
    webhookSecret: string
    /** Accepted besides, while a new one is taken into use. */
    previousWebhookSecret: string | undefined
  }
  /** The public base URL, where it is said: the webhook is to lead there. */
  webhookUrl: string | undefined
  /** When a webhook delivery is answered: once stored, or once its job has ended. */
  ackMode: 'stored' | 'finished'
  /** How long a job stays with a process that no longer renews its lease. */
  leaseSeconds: number
  /** Lessons that one process gives at once. */
  lessonSlots: number
  stt: Stage
  chat: Stage
  tts: Stage & { voices: { honzik: string; novakova: string } }
  cronSecret: string | undefined
  adminToken: string | undefined
  /** Lessons a learner may take a day, by kind. */
  plan: { text: number; voice: number }
  /** What all learners together may cost a UTC day. */
  dailyBudgetUsd: number | undefined
  /** What each learner may cost a day of their own. */
  learnerDailyBudgetUsd: number | undefined
  /** Where an operator is told of trouble. */
  alerts: { chatId: number | undefined; webhookUrl: string | undefined }
  /** Where results of paid calls are stored to be used again: in Redis, or PostgreSQL; undefined where nowhere. */
  cache: CacheConfig | undefined
  /** Prices of the operator's own, which go before those of the list. */
  prices: OwnPrices
  version: string
}

export type DatabaseConfig = {
  /** None: PGlite in `pgliteDir`. */
  url: string | undefined
  /** For migrations: a pooler in transaction mode is no place for them. */
  unpooledUrl: string | undefined
  pgliteDir: string
}

/** Without a URL in PostgreSQL, where it may take so many bytes. */
export type CacheConfig = { redisUrl: string | undefined; maxBytes: number }

export type TelegramConfig = { token: string; botId: string; apiRoot: string }

/**
 * Reads the whole configuration. The only reader of the environment.
 *
 * Throws ConfigError with every problem at once; it names variables and never shows their values.
 */
export function parseConfig(env: Environment): Config {
  return readEnvironment(env, Variables.transform(configOf), problemsTogether)
}

/** The part that a script on the database needs. Throws ConfigError. */
export function parseDatabaseConfig(env: Environment): DatabaseConfig {
  return readEnvironment(env, z.object(databaseFields).transform(databaseOf))
}

/** The part that a script on the webhook needs. Throws ConfigError. */
export function parseWebhookConfig(
  env: Environment,
): TelegramConfig & { webhookSecret: string | undefined; webhookUrl: string | undefined } {
  const fields = {
    ...telegramFields,
    TELEGRAM_WEBHOOK_SECRET: webhookSecret.optional(),
    WEBHOOK_URL: webhookBase.optional(),
  }
  return readEnvironment(
    env,
    z.object(fields).transform((vars) => ({
      ...telegramOf(vars),
      webhookSecret: vars.TELEGRAM_WEBHOOK_SECRET,
      webhookUrl: vars.WEBHOOK_URL,
    })),
  )
}

/** The part that a script needs which only asks the tutor. Throws ConfigError. */
export function parseChatConfig(env: Environment): Stage {
  const fields = z.object(chatFields).transform((vars) => ({
    baseUrl: vars.CHAT_BASE_URL ?? vars.OPENAI_BASE_URL,
    apiKey: vars.CHAT_API_KEY ?? vars.OPENAI_API_KEY ?? '',
    model: vars.CHAT_MODEL,
  }))
  return readEnvironment(env, fields, (variables) => [
    ...(variables.OPENAI_API_KEY || variables.CHAT_API_KEY
      ? []
      : ['OPENAI_API_KEY is required, unless CHAT_API_KEY is set']),
    ...stageProblems('CHAT', variables),
  ])
}

/** The product's version, as in package.json. */
export const VERSION = '0.1.0'

function databaseOf(vars: {
  DATABASE_URL?: string | undefined
  POSTGRES_URL?: string | undefined
  DATABASE_URL_UNPOOLED?: string | undefined
  PGLITE_DIR: string
}): DatabaseConfig {
  const pooledUrl = vars.DATABASE_URL ?? vars.POSTGRES_URL
  return {
    url: pooledUrl,
    unpooledUrl: vars.DATABASE_URL_UNPOOLED ?? pooledUrl,
    pgliteDir: vars.PGLITE_DIR,
  }
}

function telegramOf(vars: { TELEGRAM_BOT_TOKEN: string; TELEGRAM_API_ROOT: string }) {
  const token = vars.TELEGRAM_BOT_TOKEN
  return { token, botId: token.split(':', 1).join(), apiRoot: vars.TELEGRAM_API_ROOT }
}

function configOf(vars: z.output<typeof Variables>): Config {
  const stage = (name: 'STT' | 'CHAT' | 'TTS'): Stage => ({
    baseUrl: vars[`${name}_BASE_URL`] ?? vars.OPENAI_BASE_URL,
    apiKey: vars[`${name}_API_KEY`] ?? vars.OPENAI_API_KEY ?? '',
    model: vars[`${name}_MODEL`],
  })
  const preview = vars.VERCEL_ENV === 'preview' ? 'preview' : 'development'
  return {
    environment: vars.VERCEL_ENV === 'production' ? 'production' : (vars.ENVIRONMENT ?? preview),
    showsTracebacks: vars.ENVIRONMENT === 'development' && vars.VERCEL_ENV !== 'production',
    isVercel: vars.VERCEL !== undefined,
    logLevel: vars.LOG_LEVEL,
    isLogPretty: vars.LOG_PRETTY === '1',
    port: vars.PORT,
    host: vars.HOST,
    database: databaseOf(vars),
    telegram: {
      ...telegramOf(vars),
      webhookSecret: vars.TELEGRAM_WEBHOOK_SECRET,
      previousWebhookSecret: vars.TELEGRAM_WEBHOOK_SECRET_PREVIOUS,
    },
    webhookUrl: vars.WEBHOOK_URL,
    ackMode: vars.ACK_MODE,
    leaseSeconds: vars.LEASE_SECONDS,
    lessonSlots: vars.LESSON_SLOTS,
    stt: stage('STT'),
    chat: stage('CHAT'),
    tts: {
      ...stage('TTS'),
      voices: { honzik: vars.TTS_VOICE_HONZIK, novakova: vars.TTS_VOICE_NOVAKOVA },
    },
    cronSecret: vars.CRON_SECRET,
    adminToken: vars.ADMIN_TOKEN,
    plan: { text: vars.FREE_TEXT_PER_DAY, voice: vars.FREE_VOICE_PER_DAY },
    dailyBudgetUsd: vars.DAILY_BUDGET_USD,
    learnerDailyBudgetUsd: vars.LEARNER_DAILY_BUDGET_USD,
    alerts: { chatId: vars.ALERT_CHAT_ID, webhookUrl: vars.ALERT_WEBHOOK_URL },
    cache:
      vars.CACHE_MAX_MB === 0
        ? undefined
        : { redisUrl: vars.REDIS_URL, maxBytes: vars.CACHE_MAX_MB * 1_000_000 },
    prices: vars.PRICES_FILE,
    version: versionOf(vars),
  }
}

/** The version with the commit behind a plus, where the host or the checkout names it. */
function versionOf(vars: z.output<typeof Variables>): string {
  const commit =
    vars.VERCEL_GIT_COMMIT_SHA ??
    vars.RENDER_GIT_COMMIT ??
    vars.RAILWAY_GIT_COMMIT_SHA ??
    vars.HEROKU_SLUG_COMMIT ??
    vars.SOURCE_COMMIT
  return commit === undefined ? VERSION : `${VERSION}+${commit.slice(0, 7)}`
}

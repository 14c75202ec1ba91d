import { z } from 'zod'
import { characterProblem } from './config/one-word.ts'
import { readPgliteDir } from './config/pglite-dir.ts'
import { postgresUrlProblem, withHost } from './config/postgres-url.ts'
import { type OwnPrices, readPricesFile } from './config/prices-file.ts'
import { redisUrlProblem } from './config/redis-url.ts'
import { vendorProblems } from './config/vendor-hosts.ts'

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

/** The environment asks for something we cannot do; `problems` has a sentence per variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s):\n- ${problems.join('\n- ')}`)
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>

const OPENAI = 'https://api.openai.com/v1'
const TELEGRAM = 'https://api.telegram.org'
const STAGES = ['STT', 'CHAT', 'TTS'] as const
const MODELS = { STT: 'gpt-transcribe', CHAT: 'gpt-6-luna', TTS: 'gpt-realtime-2.1-mini' } as const

/**
 * Reads the whole configuration. The only reader of the environment.
 *
 * Throws ConfigError with every problem at once; it names variables and never shows their values.
 */
export function parseConfig(env: Environment): Config {
  return read(env, Variables.transform(configOf), missingTogether)
}

/** The part that a script on the database needs. Throws ConfigError. */
export function parseDatabaseConfig(env: Environment): DatabaseConfig {
  return read(env, z.object(databaseFields).transform(databaseOf))
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
  return read(
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
  return read(env, fields, (set) => [
    ...(set.OPENAI_API_KEY || set.CHAT_API_KEY
      ? []
      : ['OPENAI_API_KEY is required, unless CHAT_API_KEY is set']),
    ...stageProblems('CHAT', set),
  ])
}

/** The product's version, as in package.json. */
export const VERSION = '0.1.0'

/** What must appear in no log: the values of these variables. */
export function secretsOf(env: Environment): string[] {
  return SECRET_NAMES.map((name) => env[name]?.trim() ?? '').filter((value) => value !== '')
}

const SECRET_NAMES = [
  'TELEGRAM_BOT_TOKEN',
  'TELEGRAM_WEBHOOK_SECRET',
  'TELEGRAM_WEBHOOK_SECRET_PREVIOUS',
  'OPENAI_API_KEY',
  'STT_API_KEY',
  'CHAT_API_KEY',
  'TTS_API_KEY',
  'CRON_SECRET',
  'ADMIN_TOKEN',
  'DATABASE_URL',
  'POSTGRES_URL',
  'DATABASE_URL_UNPOOLED',
  'REDIS_URL',
  // Chat services have a secret in its path.
  'ALERT_WEBHOOK_URL',
] as const

const notANumber = { error: 'must be a positive number' }
const oneWord = checked(characterProblem)
const longSecret = checked((text) =>
  text.length < 16
    ? 'must have 16 characters or more'
    : characterProblem(text, { mayHaveSpaces: true }),
)
const webhookSecret = z
  .string({ error: 'is required: 1 to 256 of the characters A-Z a-z 0-9 _ -' })
  .regex(/^[A-Za-z0-9_-]{1,256}$/, 'must be 1 to 256 of the characters A-Z a-z 0-9 _ -')
const url = z
  .url({ protocol: /^https?$/, error: 'must be a URL beginning with http:// or https://' })
  .refine((text) => !/[\p{C}\p{Z}]/u.test(text), 'has a space or an invisible character in it')
  .transform((text) => text.replace(/\/+$/, ''))
const webhookBase = url.refine(
  (text) => !/\/webhook$/.test(text),
  'must end before /webhook, which is added to it',
)
const telegramRoot = url.refine(
  (text) => !/\/bot(\d+:|<)/.test(text),
  'must end before /bot and the token, which are added to it',
)
const postgresUrl = checked(postgresUrlProblem).transform(withHost)
const pricesFile = z.string().transform((path, context) => {
  const file = readPricesFile(path)
  if ('prices' in file) return file.prices
  context.addIssue(file.problem)
  return z.NEVER
})
const pgliteDir = z.string().transform((text, context) => {
  const dir = readPgliteDir(text)
  if (dir !== undefined) return dir
  context.addIssue('must be a folder on this machine, or memory://')
  return z.NEVER
})

/** A text that `problemOf` finds nothing wrong with; its problem follows the variable's name. */
function checked(problemOf: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const problem = problemOf(text)
    if (problem !== undefined) context.addIssue(problem)
  })
}

function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`
  return z.coerce.number({ error }).int(error).min(min, error).max(max, error)
}

const databaseFields = {
  DATABASE_URL: postgresUrl.optional(),
  POSTGRES_URL: postgresUrl.optional(),
  DATABASE_URL_UNPOOLED: postgresUrl.optional(),
  PGLITE_DIR: pgliteDir.default('.data/pg'),
}

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

const telegramFields = {
  TELEGRAM_BOT_TOKEN: z
    .string({ error: 'is required: the token that BotFather gave you' })
    .regex(/^\d+:[\w-]+$/, 'must be the token that BotFather gave you: digits, a colon, the rest'),
  TELEGRAM_API_ROOT: telegramRoot.default(TELEGRAM),
}

function telegramOf(vars: { TELEGRAM_BOT_TOKEN: string; TELEGRAM_API_ROOT: string }) {
  const token = vars.TELEGRAM_BOT_TOKEN
  return { token, botId: token.split(':', 1).join(), apiRoot: vars.TELEGRAM_API_ROOT }
}

function read<Schema extends z.ZodType>(
  env: Environment,
  schema: Schema,
  /** Problems that no variable has on its own. */
  missing: (set: Environment) => string[] = () => [],
): z.output<Schema> {
  // An empty variable is one that is not set, and a line's end was pasted with the value: so .env
  // files and hosting dashboards mean it.
  const trimmedVariables = Object.entries(env).map(
    ([name, value]) => [name, value?.trim()] as const,
  )
  const set = Object.fromEntries(trimmedVariables.filter(([, value]) => value !== ''))
  const result = schema.safeParse(set)
  const issues = result.error?.issues ?? []
  const wrong = issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  const problems = [...new Set([...wrong, ...missing(set)])]
  if (result.success && problems.length === 0) return result.data
  throw new ConfigError(problems)
}

const chatFields = {
  OPENAI_API_KEY: oneWord.optional(),
  OPENAI_BASE_URL: url.default(OPENAI),
  CHAT_BASE_URL: url.optional(),
  CHAT_API_KEY: oneWord.optional(),
  CHAT_MODEL: oneWord.default(MODELS.CHAT),
}

const ENVIRONMENTS = ['development', 'test', 'preview', 'production'] as const
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** What the budget holds back for one lesson: with less there would be none. */
export const MIN_DAILY_BUDGET_USD = 0.03

const notAChat = { error: "must be a chat's number, as a group's -1001234567890" }
const budget = z.coerce
  .number(notANumber)
  .min(
    MIN_DAILY_BUDGET_USD,
    `must be ${MIN_DAILY_BUDGET_USD} or more: what is held back for one lesson`,
  )
  .max(1_000_000, 'must be 1000000 or less')

const Variables = z.object({
  ...databaseFields,
  ...telegramFields,
  ...chatFields,
  ENVIRONMENT: oneOf(ENVIRONMENTS).optional(),
  VERCEL: z.string().optional(),
  VERCEL_ENV: z.string().optional(),
  VERCEL_GIT_COMMIT_SHA: z.string().optional(),
  RENDER_GIT_COMMIT: z.string().optional(),
  RAILWAY_GIT_COMMIT_SHA: z.string().optional(),
  HEROKU_SLUG_COMMIT: z.string().optional(),
  SOURCE_COMMIT: z.string().optional(),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  LOG_PRETTY: oneOf(['0', '1']).default('0'),
  PORT: wholeNumber(0, 65_535).default(8000),
  HOST: oneWord.optional(),
  TELEGRAM_WEBHOOK_SECRET: webhookSecret,
  TELEGRAM_WEBHOOK_SECRET_PREVIOUS: webhookSecret.optional(),
  WEBHOOK_URL: webhookBase.optional(),
  ACK_MODE: oneOf(['stored', 'finished']).default('stored'),
  LEASE_SECONDS: wholeNumber(1, 60).default(20),
  LESSON_SLOTS: wholeNumber(1, 500).default(48),
  STT_BASE_URL: url.optional(),
  STT_API_KEY: oneWord.optional(),
  STT_MODEL: oneWord.default(MODELS.STT),
  TTS_BASE_URL: url.optional(),
  TTS_API_KEY: oneWord.optional(),
  TTS_MODEL: oneWord.default(MODELS.TTS),
  TTS_VOICE_HONZIK: oneWord.default('cedar'),
  TTS_VOICE_NOVAKOVA: oneWord.default('marin'),
  CRON_SECRET: longSecret.optional(),
  ADMIN_TOKEN: longSecret.optional(),
  FREE_TEXT_PER_DAY: wholeNumber(0, 10_000).default(6),
  FREE_VOICE_PER_DAY: wholeNumber(0, 10_000).default(5),
  REDIS_URL: checked(redisUrlProblem).optional(),
  CACHE_MAX_MB: wholeNumber(0, 100_000).default(200),
  PRICES_FILE: pricesFile.default({}),
  DAILY_BUDGET_USD: budget.optional(),
  LEARNER_DAILY_BUDGET_USD: budget.optional(),
  ALERT_CHAT_ID: z.coerce.number(notAChat).int(notAChat).optional(),
  ALERT_WEBHOOK_URL: url.optional(),
})

function missingTogether(set: Environment): string[] {
  const needsDatabase = isProduction(set) || set.VERCEL !== undefined
  const hasOwnKeys = set.STT_API_KEY && set.CHAT_API_KEY && set.TTS_API_KEY
  return [
    !set.OPENAI_API_KEY &&
      !hasOwnKeys &&
      'OPENAI_API_KEY is required, unless STT_API_KEY, CHAT_API_KEY and TTS_API_KEY are all set',
    needsDatabase &&
      !set.DATABASE_URL &&
      !set.POSTGRES_URL &&
      'DATABASE_URL is required in production and on Vercel: a PostgreSQL connection string',
    isProduction(set) && !set.CRON_SECRET && 'CRON_SECRET is required in production',
    isProduction(set) && !set.ADMIN_TOKEN && 'ADMIN_TOKEN is required in production',
    ...STAGES.flatMap((stage) => stageProblems(stage, set)),
  ].filter((problem) => typeof problem === 'string')
}

function stageProblems(stage: (typeof STAGES)[number], set: Environment): string[] {
  const ownBaseUrl = set[`${stage}_BASE_URL`]
  const variable = ownBaseUrl === undefined ? 'OPENAI_BASE_URL' : `${stage}_BASE_URL`
  const baseUrl = ownBaseUrl ?? set.OPENAI_BASE_URL ?? OPENAI
  return vendorProblems(stage, { variable, baseUrl, model: set[`${stage}_MODEL`] ?? MODELS[stage] })
}

function isProduction(set: Environment): boolean {
  return set.ENVIRONMENT === 'production' || set.VERCEL_ENV === 'production'
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

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` })
}

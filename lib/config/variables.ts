import { z } from 'zod'
import { characterProblem } from './one-word.ts'
import { readPgliteDir } from './pglite-dir.ts'
import { postgresUrlProblem, withHost } from './postgres-url.ts'
import { readPricesFile } from './prices-file.ts'
import { redisUrlProblem } from './redis-url.ts'

/** What each variable of the environment may say, and its value where it is not set. */

export const OPENAI = 'https://api.openai.com/v1'
const TELEGRAM = 'https://api.telegram.org'
export const MODELS = {
  STT: 'gpt-transcribe',
  CHAT: 'gpt-6-luna',
  TTS: 'gpt-realtime-2.1-mini',
} as const

const notANumber = { error: 'must be a positive number' }
const oneWord = checked(characterProblem)
const longSecret = checked((text) =>
  text.length < 16
    ? 'must have 16 characters or more'
    : characterProblem(text, { mayHaveSpaces: true }),
)
export const webhookSecret = z
  .string({ error: 'is required: 1 to 256 of the characters A-Z a-z 0-9 _ -' })
  .regex(/^[A-Za-z0-9_-]{1,256}$/, 'must be 1 to 256 of the characters A-Z a-z 0-9 _ -')
const address = z
  .url({ protocol: /^https?$/, error: 'must be a URL beginning with http:// or https://' })
  .refine((text) => !/[\p{C}\p{Z}]/u.test(text), 'has a space or an invisible character in it')
/** A URL that paths are added to. */
const url = address
  .refine((text) => !text.includes('?'), 'must end before the question mark')
  .refine((text) => !text.includes('#'), 'must end before the #')
  .transform((text) => text.replace(/\/+$/, ''))
export const webhookBase = url.refine(
  (text) => !/\/webhook$/.test(text),
  'must end before /webhook, which is added to it',
)
const telegramRoot = url.refine(
  (text) => !/\/bot(\d+:|<|$)/.test(text),
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

export const databaseFields = {
  DATABASE_URL: postgresUrl.optional(),
  POSTGRES_URL: postgresUrl.optional(),
  DATABASE_URL_UNPOOLED: postgresUrl.optional(),
  PGLITE_DIR: pgliteDir.default('.data/pg'),
}

export const telegramFields = {
  TELEGRAM_BOT_TOKEN: z
    .string({ error: 'is required: the token that BotFather gave you' })
    .regex(/^\d+:[\w-]+$/, 'must be the token that BotFather gave you: digits, a colon, the rest'),
  TELEGRAM_API_ROOT: telegramRoot.default(TELEGRAM),
}

export const chatFields = {
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

export const Variables = z.object({
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
  ALERT_WEBHOOK_URL: address.optional(),
})

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` })
}

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ConfigError } from '../../../lib/config/environment.ts'
import { parseConfig, parseDatabaseConfig, parseWebhookConfig } from '../../../lib/config.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'

const NAMES = [
  ...[
    'DATABASE_URL',
    'POSTGRES_URL',
    'DATABASE_URL_UNPOOLED',
    'PGLITE_DIR',
    'ENVIRONMENT',
    'VERCEL',
  ],
  ...['VERCEL_ENV', 'VERCEL_GIT_COMMIT_SHA', 'SOURCE_COMMIT', 'LOG_LEVEL', 'PORT', 'ACK_MODE'],
  'LEASE_SECONDS',
  ...['TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_API_ROOT', 'WEBHOOK_URL'],
  ...[
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
    'STT_BASE_URL',
    'STT_API_KEY',
    'STT_MODEL',
    'CHAT_API_KEY',
  ],
  ...['TTS_API_KEY', 'TTS_VOICE_HONZIK', 'CRON_SECRET', 'ADMIN_TOKEN', 'FREE_TEXT_PER_DAY'],
  ...[
    'FREE_VOICE_PER_DAY',
    'DAILY_BUDGET_USD',
    'REDIS_URL',
    'CACHE_MAX_MB',
    '__proto__',
    'constructor',
  ],
] as const

const nearlyRight = fc.constantFrom(
  ...['1', '0', '-1', '1e3', '0x10', ' 7 ', '65536', '0.5', 'Infinity', 'production', 'Production'],
  ...[
    'postgres://',
    'postgresql://a:b@c/d',
    'https://h',
    'http://',
    'ftp://h/',
    'HTTPS://H/',
    'redis://h/0',
  ],
  ...['123:abc', '123:', ':abc', 'stored', 'silent', '1.5', 'memory://'],
)

/** Recognised wherever it turns up. */
const MARKED = 'qZ7xQ9'

const environment: fc.Arbitrary<Record<string, string | undefined>> = fc
  .array(
    fc.tuple(
      fc.constantFrom(...NAMES),
      fc.oneof(
        nearlyRight,
        fc.constant(undefined),
        hostileText(20),
        hostileText(10).map((text) => `${text}${MARKED}${text}`),
      ),
    ),
    { maxLength: NAMES.length },
  )
  .map((entries) => Object.fromEntries(entries))

/** What an operator may have set. */
export const CONFIG_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'configuration',
    fact: 'any environment is a configuration, or its variables are named and no value is told',
    weight: 60,
    arbitrary: environment,
    holds(env) {
      for (const parse of [parseConfig, parseDatabaseConfig, parseWebhookConfig]) {
        try {
          parse(env)
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          assert.ok(error.problems.length > 0)
          for (const problem of error.problems) assert.match(problem, /^[A-Z][A-Z_]+ \S/)
          assert.ok(!error.message.includes(MARKED), error.message)
        }
      }
    },
  }),
]

import type { Environment } from './environment.ts'

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

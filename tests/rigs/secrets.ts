import { randomBytes } from 'node:crypto'

/** A secret that is made anew each time: nothing in the sources looks like a key. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url')
}

/** The secrets of a product whose bot has this token, by the names of their variables. */
export function newSecrets(telegramToken: string) {
  return {
    TELEGRAM_BOT_TOKEN: telegramToken,
    TELEGRAM_WEBHOOK_SECRET: newSecret(),
    OPENAI_API_KEY: newSecret(),
    CRON_SECRET: newSecret(),
    ADMIN_TOKEN: newSecret(),
  }
}

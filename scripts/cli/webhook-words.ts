import type { AppError } from '../../lib/app/error.ts'

/** Messages, their edits and button presses; a subscription would add pre_checkout_query. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query']

/**
 * The languages of apps that get a menu and descriptions of their own, in the bot's language for them; the English ones are
 * for all others, too.
 */
export const MENU_LANGUAGES = ['en', 'ru', 'be', 'kk', 'ky', 'uk', 'cs', 'sk'] as const

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Where Telegram is to deliver, from a deployment's base URL; or why that cannot be. */
export function webhookAddress(
  baseUrl: string | undefined,
): { url: string; problem?: undefined } | { url?: undefined; problem: string } {
  const fix = 'Set WEBHOOK_URL, or pass --url: https:// and the host of the deployment.'
  if (baseUrl === undefined) return { problem: `The webhook has no URL. ${fix}` }
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return { problem: `The webhook's URL is none. ${fix}` }
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    return { problem: `Telegram delivers to https:// only. ${fix}` }
  }
  const isBare = /^(\/webhook)?\/*$/.test(url.pathname) && url.search + url.hash === ''
  if (!isBare || url.username + url.password !== '') {
    return {
      problem: `Updates are taken at /webhook of the host alone: leave the rest out. ${fix}`,
    }
  }
  return { url: `${url.origin}/webhook` }
}

/** Says in one sentence what to do about a call that Telegram refused or never answered. */
export function telegramFailure(
  { code, message, retryAfterMs }: AppError,
  apiRoot: string,
): string {
  const root = `${new URL(apiRoot).host} (TELEGRAM_API_ROOT, where it is set)`
  // `setWebhook: 401 Unauthorized`
  const [, status, description = ''] = /^\w+: (\d{3}) (.*)$/s.exec(message) ?? []
  if (code === 'telegram-unreachable') {
    return `Telegram cannot be reached: check the network from here to ${root}.`
  }
  if (code === 'telegram-rate-limited') {
    return `Telegram asks us to wait: try again in ${Math.ceil((retryAfterMs ?? 1000) / 1000)} s.`
  }
  if (code === 'telegram-failed')
    return `Telegram did not answer as it should: try again. ${message}`
  if (status === '401') {
    return 'Telegram does not know this token: set TELEGRAM_BOT_TOKEN to the one that BotFather shows.'
  }
  if (status === '404') {
    return `No Bot API answers for this token: check TELEGRAM_BOT_TOKEN, and ${root}.`
  }
  return `Telegram refuses: ${description || message}`
}

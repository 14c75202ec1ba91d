import type { Environment } from './environment.ts'

const BOT_TOKEN = /^\d{6,}:[\w-]{30,}$/
const PROVIDER_KEY = /^sk-[\w-]{16,}$/

const PROVIDER_KEYS = ['OPENAI_API_KEY', 'STT_API_KEY', 'CHAT_API_KEY', 'TTS_API_KEY']
const NO_KEYS = [
  ...['TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_WEBHOOK_SECRET_PREVIOUS', 'CRON_SECRET', 'ADMIN_TOKEN'],
  ...['STT_MODEL', 'CHAT_MODEL', 'TTS_MODEL', 'TTS_VOICE_HONZIK', 'TTS_VOICE_NOVAKOVA'],
]

/**
 * Says which variables have another one's value, as its form tells: each would be sent to the wrong server, as a key or
 * as a name.
 */
export function swappedProblems(variables: Environment): string[] {
  const tokens = [...PROVIDER_KEYS, ...NO_KEYS].filter((name) =>
    BOT_TOKEN.test(variables[name] ?? ''),
  )
  const keys = NO_KEYS.filter((name) => PROVIDER_KEY.test(variables[name] ?? ''))
  return [
    ...tokens.map((name) => `${name} has the form of a bot's token: TELEGRAM_BOT_TOKEN takes that`),
    ...keys.map((name) => `${name} has the form of a provider's key: OPENAI_API_KEY takes that`),
    ...(alertsItself(variables)
      ? ['ALERT_WEBHOOK_URL leads to this bot itself, which takes none']
      : []),
  ]
}

function alertsItself({ WEBHOOK_URL, ALERT_WEBHOOK_URL }: Environment): boolean {
  if (!URL.canParse(WEBHOOK_URL ?? '') || !URL.canParse(ALERT_WEBHOOK_URL ?? '')) return false
  const { host, pathname } = new URL(ALERT_WEBHOOK_URL ?? '')
  return host === new URL(WEBHOOK_URL ?? '').host && /^\/(webhook\/?)?$/.test(pathname)
}

import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pinoLog, redactor } from '../lib/adapters/log.ts'
import { type CallTelegram, telegramCalls } from '../lib/adapters/telegram/call.ts'
import { AppError } from '../lib/app/error.ts'
import { commandMenu } from '../lib/bot/commands.ts'
import { COMMANDS } from '../lib/bot/features.ts'
import { interfaceLanguage } from '../lib/bot/texts/language.ts'
import { secretsOf } from '../lib/config/secrets.ts'
import { parseWebhookConfig } from '../lib/config.ts'
import {
  DONE,
  failed,
  main,
  type Outcome,
  type Script,
  type Terminal,
  wrongUsage,
} from './cli/command-line.ts'
import { setProfile } from './cli/profile.ts'
import { linesOf, readWebhookInfo, type WebhookInfo } from './cli/webhook-info.ts'
import {
  ALLOWED_UPDATES,
  MENU_LANGUAGES,
  telegramFailure,
  webhookAddress,
} from './cli/webhook-words.ts'

/** `npm run webhook`: tells Telegram where to deliver updates. Nothing else ever changes a webhook. */
export const WEBHOOK: Script = {
  name: 'npm run webhook --',
  help: `The webhook: where Telegram delivers updates.

  npm run webhook -- set [--url https://HOST] [--max-connections N] [--drop-pending]
      registers HOST/webhook (default: of WEBHOOK_URL) with TELEGRAM_WEBHOOK_SECRET, for at most N
      deliveries at once (1 to 100, default 40), and the bot's command menu and descriptions in every language
  npm run webhook -- info
  npm run webhook -- delete [--drop-pending]

--drop-pending throws away what learners have sent and nobody has answered yet.
Needs TELEGRAM_BOT_TOKEN. Exit code: 0 done, 1 failed, 2 wrong usage.`,
  commands: { set, info, delete: remove },
}

async function set(args: string[], terminal: Terminal): Promise<Outcome> {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      'max-connections': { type: 'string', default: '40' },
      'drop-pending': { type: 'boolean', default: false },
    },
  })
  const maxConnections = Number(values['max-connections'])
  if (!/^\d+$/.test(values['max-connections']) || maxConnections < 1 || maxConnections > 100) {
    return wrongUsage('--max-connections must be a whole number from 1 to 100.')
  }
  const config = parseWebhookConfig(terminal.env)
  const address = webhookAddress(values.url ?? config.webhookUrl)
  const problems = [
    address.problem,
    config.webhookSecret === undefined &&
      'TELEGRAM_WEBHOOK_SECRET is required: 1 to 256 of the characters A-Z a-z 0-9 _ -',
  ].filter((problem) => typeof problem === 'string')
  if (problems.length > 0) return failed(problems.join('\n'))

  const settings = {
    url: address.url,
    max_connections: maxConnections,
    allowed_updates: ALLOWED_UPDATES,
  }
  return withTelegram(terminal, async (call) => {
    await call('setWebhook', {
      ...settings,
      secret_token: config.webhookSecret,
      drop_pending_updates: values['drop-pending'],
    })
    await setCommandMenus(call)
    const problems = await setProfile(call)
    const mismatches = mismatchesOf(await show(call, terminal), settings)
    if (mismatches.length > 0) {
      problems.push(`Telegram has something else than was asked for: ${mismatches.join(', ')}`)
    }
    return problems.length === 0 ? DONE : failed(problems.join('\n'))
  })
}

async function setCommandMenus(call: CallTelegram): Promise<void> {
  for (const language of MENU_LANGUAGES) {
    // Without a code it is the menu of all other languages.
    const languageCode = language === 'en' ? {} : { language_code: language }
    await call('setMyCommands', {
      commands: commandMenu(COMMANDS, interfaceLanguage(language)),
      ...languageCode,
    })
  }
}

type WebhookSettings = {
  url: string | undefined
  max_connections: number
  allowed_updates: readonly string[]
}

/** The settings that Telegram shows otherwise than they were sent; a server may leave the optional fields out. */
function mismatchesOf(info: WebhookInfo, settings: WebhookSettings): string[] {
  const { max_connections = settings.max_connections } = info
  const { allowed_updates = settings.allowed_updates } = info
  const pairs = [
    ['url', info.url, settings.url],
    ['max_connections', max_connections, settings.max_connections],
    ['allowed_updates', sortedList(allowed_updates), sortedList(settings.allowed_updates)],
  ] as const
  return pairs
    .filter(([, actual, setting]) => actual !== setting)
    .map(([name, actual, setting]) => `${name} is ${actual}, not ${setting}`)
}

function sortedList(names: readonly string[]): string {
  return names.toSorted().join()
}

async function info(args: string[], terminal: Terminal): Promise<Outcome> {
  parseArgs({ args, options: {} })
  return withTelegram(terminal, async (call) => {
    await show(call, terminal)
    return DONE
  })
}

async function remove(args: string[], terminal: Terminal): Promise<Outcome> {
  const options = { 'drop-pending': { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ args, options })
  return withTelegram(terminal, async (call) => {
    await call('deleteWebhook', { drop_pending_updates: values['drop-pending'] })
    const { url } = await show(call, terminal)
    return url === '' ? DONE : failed('Telegram still has a webhook.')
  })
}

/** Prints Telegram's record of the webhook, and returns it. */
async function show(call: CallTelegram, { env, write }: Terminal): Promise<WebhookInfo> {
  const info = await readWebhookInfo(call)
  // Another program's webhook may have the token in its path.
  const redact = redactor(secretsOf(env))
  for (const line of linesOf(info)) write(redact(line))
  return info
}

async function withTelegram(
  { env }: Terminal,
  work: (call: CallTelegram) => Promise<Outcome>,
): Promise<Outcome> {
  const config = parseWebhookConfig(env)
  // Silent: the operator reads how the call ends, not each of its retries.
  const log = pinoLog({ level: 'silent', secrets: [], write: () => {} })
  const sleep = (ms: number, signal?: AbortSignal) => delay(ms, undefined, signal && { signal })
  try {
    return await work(telegramCalls(config, { log, sleep }))
  } catch (error) {
    // The command's edge: Telegram's refusals become a sentence.
    if (!(error instanceof AppError)) throw error
    return failed(telegramFailure(error, config.apiRoot))
  }
}

if (import.meta.main) await main(WEBHOOK)

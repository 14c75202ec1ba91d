import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pinoLog, redactor } from '../lib/adapters/log.ts'
import { type CallTelegram, telegramCalls } from '../lib/adapters/telegram/call.ts'
import { AppError } from '../lib/app/error.ts'
import { commandMenu } from '../lib/bot/commands.ts'
import { COMMANDS } from '../lib/bot/features.ts'
import { parseWebhookConfig, secretsOf } from '../lib/config.ts'
import {
  DONE,
  type Ended,
  failed,
  runScript,
  type Script,
  type Terminal,
  terminal,
  wrongUsage,
} from './cli/command-line.ts'
import { linesOf, readWebhookInfo, type WebhookInfo } from './cli/webhook-info.ts'
import { telegramFailure, webhookAddress } from './cli/webhook-words.ts'

/** `npm run webhook`: tells Telegram where to deliver updates. Nothing else ever changes a webhook. */
export const WEBHOOK: Script = {
  name: 'npm run webhook --',
  help: `The webhook: where Telegram delivers updates.

  npm run webhook -- set [--url https://HOST] [--max-connections N] [--drop-pending]
      registers HOST/webhook (default: of WEBHOOK_URL) with TELEGRAM_WEBHOOK_SECRET, for at most N
      deliveries at once (1 to 100, default 40), and the bot's command menu in every language
  npm run webhook -- info
  npm run webhook -- delete [--drop-pending]

--drop-pending throws away what learners have sent and nobody has answered yet.
Needs TELEGRAM_BOT_TOKEN. Exit code: 0 done, 1 failed, 2 wrong usage.`,
  commands: { set, info, delete: remove },
}

/** Messages and button presses; a subscription would add pre_checkout_query. */
const ALLOWED_UPDATES = ['message', 'callback_query']

async function set(args: string[], terminal: Terminal): Promise<Ended> {
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

  return withTelegram(terminal, async (call) => {
    const asked = {
      url: address.url,
      max_connections: maxConnections,
      allowed_updates: ALLOWED_UPDATES,
    }
    await call('setWebhook', {
      ...asked,
      secret_token: config.webhookSecret,
      drop_pending_updates: values['drop-pending'],
    })
    await call('setMyCommands', { commands: commandMenu(COMMANDS, 'en') })
    for (const language of ['ru', 'uk', 'cs'] as const) {
      await call('setMyCommands', {
        commands: commandMenu(COMMANDS, language),
        language_code: language,
      })
    }
    const now = await show(call, terminal)
    const differing = differences(now, asked)
    return differing.length === 0
      ? DONE
      : failed(`Telegram has something else than was asked for: ${differing.join(', ')}`)
  })
}

/** What Telegram says is not as it was asked for; a server may leave the optional fields out. */
function differences(
  now: WebhookInfo,
  asked: { url: string | undefined; max_connections: number; allowed_updates: readonly string[] },
): string[] {
  const { max_connections = asked.max_connections, allowed_updates = asked.allowed_updates } = now
  const pairs = [
    ['url', now.url, asked.url],
    ['max_connections', max_connections, asked.max_connections],
    ['allowed_updates', allowed_updates.toSorted().join(), asked.allowed_updates.toSorted().join()],
  ] as const
  return pairs
    .filter(([, is, wanted]) => is !== wanted)
    .map(([name, is, wanted]) => `${name} is ${is}, not ${wanted}`)
}

async function info(args: string[], terminal: Terminal): Promise<Ended> {
  parseArgs({ args, options: {} })
  return withTelegram(terminal, async (call) => {
    await show(call, terminal)
    return DONE
  })
}

async function remove(args: string[], terminal: Terminal): Promise<Ended> {
  const options = { 'drop-pending': { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ args, options })
  return withTelegram(terminal, async (call) => {
    await call('deleteWebhook', { drop_pending_updates: values['drop-pending'] })
    const now = await show(call, terminal)
    return now.url === '' ? DONE : failed('Telegram still has a webhook.')
  })
}

/** Prints what Telegram says of the webhook, and returns it. */
async function show(call: CallTelegram, { env, write }: Terminal): Promise<WebhookInfo> {
  const now = await readWebhookInfo(call)
  // Another program's webhook may have the token in its path.
  const redact = redactor(secretsOf(env))
  for (const line of linesOf(now)) write(redact(line))
  return now
}

async function withTelegram(
  { env }: Terminal,
  work: (call: CallTelegram) => Promise<Ended>,
): Promise<Ended> {
  const config = parseWebhookConfig(env)
  // Its retries need no words: how it ends has.
  const log = pinoLog({ level: 'silent', secrets: [], write: () => {} })
  const sleep = (ms: number, signal?: AbortSignal) => delay(ms, undefined, signal && { signal })
  try {
    return await work(telegramCalls(config, { log, sleep }))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return failed(telegramFailure(error, config.apiRoot))
  }
}

if (import.meta.main) {
  process.exitCode = await runScript(WEBHOOK, process.argv.slice(2), terminal)
}

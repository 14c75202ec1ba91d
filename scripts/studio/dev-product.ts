import { join } from 'node:path'
import { parseConfig } from '../../lib/config.ts'
import type { Environment } from '../cli/env-file.ts'
import { idleVariables, inherit, providerSettings } from './environment.ts'
import {
  type FunctionsOptions,
  type FunctionsProcess,
  startFunctions,
} from './functions-process.ts'
import { speak } from './openai/speech.ts'
import { type OpenaiStandIn, type RecordedRequest, startOpenai } from './openai/stand-in.ts'
import { startTelegram, type TelegramOptions, type TelegramStandIn } from './telegram/stand-in.ts'

export const DEV_DATABASE = join('.data', 'dev')
export const DEV_LOG = join('.data', 'dev.log')
/** Opens the dashboard of `npm run dev`. */
export const DEV_ADMIN_TOKEN = 'the-token-of-npm-run-dev'
const SECRET = 'dev'
const NO_QUOTA = 10_000
/** What a tunnel to the real Telegram needs besides the bot's own variables. */
const TUNNEL = ['TELEGRAM_REAL', 'WEBHOOK_URL']

export type DevProduct = {
  /** Undefined where Telegram is the real one. */
  telegram: TelegramStandIn | undefined
  openai: OpenaiStandIn
  functions: FunctionsProcess
  /** Lets running lessons end, closes the database, and ends the stand-ins. */
  stop(): Promise<void>
}

export type DevProductOptions = {
  outer: Environment
  /** Where the functions listen. */
  port: number
  isTelegramReal: boolean
  /** Of the stand-in of Telegram: its clock, and who hears of its events. */
  telegramOptions?: Pick<TelegramOptions, 'now' | 'onEvent' | 'onAttempt'>
  onRequest(request: RecordedRequest): void
  print(line: string): void
} & Pick<FunctionsOptions, 'preload' | 'onLog' | 'onListening' | 'onMessage'>

/** Starts the functions, restarted when their sources change, with stand-ins around them. Throws ConfigError. */
export async function startDevProduct(options: DevProductOptions): Promise<DevProduct> {
  const { outer, isTelegramReal, telegramOptions, onRequest, print } = options
  // Telegram never gives an update or a message id twice, and an earlier `npm run dev` has used some.
  const firstId = Math.floor((telegramOptions?.now ?? Date.now)() / 1000)
  const ids = { firstUpdateId: firstId, firstMessageId: firstId }
  const telegram = isTelegramReal ? undefined : await startTelegram({ ...telegramOptions, ...ids })
  const openai = await startOpenai({ unknownSentences: 'ungraded', speak, onRequest })
  const env = devEnvironment(options, { telegram, openai })
  const idle = idleVariables(outer, isTelegramReal ? { ...env, ...inherit(outer, ...TUNNEL) } : env)
  if (idle.length > 0) print(`Without effect here: ${idle.join(', ')}.`)
  // The watcher would wait for a change of the sources, which mends no variable.
  parseConfig(env)
  const functions = startFunctions({
    ...options,
    watch: true,
    logFile: DEV_LOG,
    env,
    onListening(url) {
      telegram?.setWebhook(`${url}/webhook`, SECRET)
      options.onListening?.(url)
    },
    onOutput: print,
  })
  return {
    telegram,
    openai,
    functions,
    async stop() {
      await functions.stop()
      await Promise.all([telegram?.stop(), openai.stop()])
    },
  }
}

/** What the functions of `npm run dev` are set to, of the developer's own variables and of the stand-ins' addresses. */
export function devEnvironment(
  { outer, port }: Pick<DevProductOptions, 'outer' | 'port'>,
  {
    telegram,
    openai,
  }: {
    telegram: Pick<TelegramStandIn, 'token' | 'url'> | undefined
    openai: Pick<OpenaiStandIn, 'url'>
  },
): Environment {
  return {
    // A developer's own day has no end.
    FREE_TEXT_PER_DAY: String(NO_QUOTA),
    FREE_VOICE_PER_DAY: String(NO_QUOTA),
    ...inherit(outer, 'FREE_TEXT_PER_DAY', 'FREE_VOICE_PER_DAY', 'DAILY_BUDGET_USD', 'ACK_MODE'),
    ...providerSettings(outer, openai.url),
    ...(telegram
      ? {
          TELEGRAM_BOT_TOKEN: telegram.token,
          TELEGRAM_API_ROOT: telegram.url,
          TELEGRAM_WEBHOOK_SECRET: SECRET,
        }
      : inherit(outer, 'TELEGRAM_BOT_TOKEN', 'TELEGRAM_API_ROOT', 'TELEGRAM_WEBHOOK_SECRET')),
    ADMIN_TOKEN: DEV_ADMIN_TOKEN,
    PGLITE_DIR: DEV_DATABASE,
    LOG_LEVEL: 'debug',
    PORT: String(port),
  }
}

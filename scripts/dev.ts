import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrateUp } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { inspectAudio } from '../lib/adapters/audio/file.ts'
import { createApiKey, pgApiKeys } from '../lib/adapters/postgres/api-keys.ts'
import { parseConfig } from '../lib/config.ts'
import { withEnvFile } from './cli/env-file.ts'
import { castLines, vendorProblem } from './studio/cast.ts'
import { type Conversation, openConversation } from './studio/conversation.ts'
import { idleVariables, inherit, providerSettings } from './studio/environment.ts'
import { startFunctions } from './studio/functions-process.ts'
import { imitationRemarks } from './studio/imitation.ts'
import { troubleOf } from './studio/log-lines.ts'
import { startOpenai } from './studio/openai/stand-in.ts'
import { RECORDINGS_FOLDER, recordings } from './studio/openai/transcription.ts'
import { portFrom } from './studio/port.ts'
import { startTelegram } from './studio/telegram/stand-in.ts'
import { remark } from './studio/transcript.ts'
import { readTyped } from './studio/typed.ts'

/**
 * `npm run dev`: the functions, up until Ctrl-C and restarted when their sources change, with stand-ins
 * around them; a typed line is what the learner says. The database stays in .data/dev.
 *
 * With TELEGRAM_REAL=1 and WEBHOOK_URL set, Telegram and its token are the real ones; a stage of a
 * lesson is where it has a key.
 */

const DATABASE = join('.data', 'dev')
const REPLIES = join('.data', 'dev-replies')
const KEY_FILE = join('.data', 'dev-api-key')
const LOG = join('.data', 'dev.log')
const SECRET = 'dev'
const ADAM = { id: 42, first_name: 'Adam', language_code: 'en' }
const NO_QUOTA = 10_000
/** What a tunnel to the real Telegram needs besides the bot's own variables. */
const TUNNEL = ['TELEGRAM_REAL', 'WEBHOOK_URL']

const { env: outer, readLine } = withEnvFile(process.env)
if (readLine !== undefined) console.log(readLine)
const isTelegramReal = outer.TELEGRAM_REAL === '1' && Boolean(outer.WEBHOOK_URL)
for (const line of castLines(outer, { isTelegramReal })) console.log(line)
if (outer.TELEGRAM_REAL && !isTelegramReal) {
  console.log('TELEGRAM_REAL counts only as 1 and together with WEBHOOK_URL: Telegram is imitated.')
}

const port = await portFrom(outer.PORT).catch(refuse)
const apiKey = await readyApiKey().catch(refuse)
// Lessons go on without it: the developer may be at something else.
const vendorTrouble = vendorProblem(outer).catch(refuse)
// Telegram never gives an update id twice, and an earlier `npm run dev` has used some.
const telegram = isTelegramReal ? undefined : await startTelegram({ firstUpdateId: secondsNow() })

let conversation: Conversation | undefined
const keyboard = readTyped({ onLine: (line) => void take(line), onEnd: () => void stop() })
const openai = await startOpenai({
  unknownSentences: 'ungraded',
  onRequest: await imitationRemarks(keyboard.print),
})
const env = {
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
  PGLITE_DIR: DATABASE,
  LOG_LEVEL: 'debug',
  PORT: String(port),
}
const idle = idleVariables(outer, isTelegramReal ? { ...env, ...inherit(outer, ...TUNNEL) } : env)
if (idle.length > 0) console.log(`Without effect here: ${idle.join(', ')}.`)
try {
  parseConfig(env)
} catch (error) {
  // The command's edge: the watcher would wait for a change of the sources, which mends no variable.
  refuse(error)
}
const functions = startFunctions({
  watch: true,
  logFile: LOG,
  env,
  onListening(url) {
    telegram?.setWebhook(`${url}/webhook`, SECRET)
    if (conversation) keyboard.print('The functions answer again.')
  },
  onLog(line) {
    const trouble = troubleOf(line)
    if (trouble !== undefined) keyboard.print(remark(trouble))
  },
  onOutput: keyboard.print,
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())

keyboard.print('Starting ...')
const url = await functions.ready.catch((error: unknown) => {
  keyboard.print(error instanceof Error ? error.message : String(error))
  process.exit(1)
})
if (telegram) {
  const { print } = keyboard
  conversation = openConversation(telegram, {
    user: ADAM,
    folder: REPLIES,
    print,
    firstMessageId: secondsNow(),
  })
}
keyboard.print(introduction(url))
const trouble = await vendorTrouble
if (trouble !== undefined) keyboard.print(remark(trouble))

/** A key that is in the database: the one of an earlier `npm run dev`, or else a new one. */
async function readyApiKey(): Promise<string> {
  const database = await openDatabase({ pgliteDir: DATABASE })
  try {
    await migrateUp(database.db)
    const earlierKey = existsSync(KEY_FILE) ? readFileSync(KEY_FILE, 'utf8').trim() : ''
    if (await pgApiKeys(database.db).authenticate(earlierKey)) return earlierKey
    const name = `dev ${new Date().toISOString()}`
    const newKey = await createApiKey(database.db, { name, telegramLearners: false })
    writeFileSync(KEY_FILE, `${newKey}\n`, { mode: 0o600 })
    return newKey
  } finally {
    await database.close()
  }
}

/** Ends with a sentence that is true here: this command knows no other database than its own folder. */
function refuse(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error)
  console.error(message.replace(/, or set DATABASE_URL\b[^.]*/, ''))
  process.exit(1)
}

/** Does what a typed line says in the learner's place. */
async function take(line: string): Promise<void> {
  if (!conversation || line.trim() === '') return
  const [, command, argument = ''] = /^\/(voice|tap)\s*(.*)$/.exec(line.trim()) ?? []
  if (command === undefined) conversation.says(line)
  else if (command === 'voice') await sendVoice(conversation, argument)
  else if (!conversation.taps(argument)) keyboard.print('There is no such button.')
}

async function sendVoice(learner: Conversation, file: string): Promise<void> {
  // A mistyped name is answered, as every line is.
  const bytes = await readFile(file).catch(() => undefined)
  if (bytes === undefined) return keyboard.print(`Cannot read the file "${file}".`)
  const knownRecording = (await recordings()).find((recording) => bytes.equals(recording.bytes))
  const durationSeconds = (await inspectAudio(bytes))?.durationSeconds ?? 1
  learner.sendsVoice(bytes, durationSeconds, knownRecording?.text)
}

function introduction(url: string): string {
  const recording = relative('', fileURLToPath(new URL('1-shop.ogg', RECORDINGS_FOLDER)))
  const lessons = `curl ${url}/api/v1/lessons/process -H "Authorization: Bearer ${apiKey}"`
  const learnerLines = [
    `You are ${ADAM.first_name}, a learner. Type:`,
    '  /start           to introduce yourself, once',
    '  /tap 3           to tap the third button',
    '  any other text   to write it',
    `  /voice FILE      to send a voice note, such as ${recording}`,
    '  Ctrl-C           to end',
  ]
  const telegramLines = [
    'Telegram is the real one: talk to your bot there. Unless that has been done:',
    '  npm run webhook -- set',
  ]
  return [
    '',
    `The functions answer at ${url} and restart when their sources change.`,
    `Database: ${DATABASE}. Log: ${LOG}`,
    '',
    'A key for the lesson API:',
    apiKey,
    '',
    'A lesson by text, and one by voice (without the sound of the answer):',
    `${lessons} -F user_id=me -F include_audio=false -F "text=Já mám rád česká jídlo."`,
    `${lessons} -F user_id=me -F include_audio=false -F audio=@${recording}`,
    '',
    ...(telegram ? learnerLines : telegramLines),
    '',
  ].join('\n')
}

async function stop(): Promise<void> {
  keyboard.close()
  conversation?.stop()
  await functions.stop()
  await Promise.all([telegram?.stop(), openai.stop()])
  process.exit(0)
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000)
}

import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspectAudio } from '../../lib/adapters/audio/file.ts'
import type { Environment } from '../cli/env-file.ts'
import { type Conversation, openConversation } from './conversation.ts'
import {
  DEV_ADMIN_TOKEN,
  DEV_DATABASE,
  DEV_LOG,
  type DevProduct,
  startDevProduct,
} from './dev-product.ts'
import { imitationRemarks } from './imitation.ts'
import { troubleOf } from './log-lines.ts'
import { RECORDINGS_FOLDER, recordings } from './openai/transcription.ts'
import { remark } from './transcript.ts'
import { readTyped, type Typed } from './typed.ts'

const REPLIES = join('.data', 'dev-replies')
const ADAM = { id: 42, first_name: 'Adam', language_code: 'en' }

export type TerminalOptions = {
  outer: Environment
  port: number
  isTelegramReal: boolean
  apiKey: string
  /** Why no lesson can succeed, if that is so: asked of the vendors meanwhile. */
  vendorTrouble: Promise<string | undefined>
}

/** `npm run dev -- --terminal`: a typed line is what the learner says. Ends the process at Ctrl-C. */
export async function runTerminal(options: TerminalOptions): Promise<void> {
  let conversation: Conversation | undefined
  let product: DevProduct | undefined
  const keyboard = readTyped({
    onLine: (line) => conversation && void take(conversation, keyboard, line),
    onEnd: () => void stop(),
  })
  async function stop(): Promise<void> {
    keyboard.close()
    conversation?.stop()
    await product?.stop()
    process.exit(0)
  }

  product = await startDevProduct({
    ...options,
    onRequest: await imitationRemarks(keyboard.print),
    print: keyboard.print,
    onListening() {
      if (conversation) keyboard.print('The functions answer again.')
    },
    onLog(line) {
      const trouble = troubleOf(line)
      if (trouble !== undefined) keyboard.print(remark(trouble))
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
  keyboard.print('Starting ...')
  const url = await product.functions.ready
  const { telegram } = product
  if (telegram) {
    const { print } = keyboard
    conversation = openConversation(telegram, { user: ADAM, folder: REPLIES, print })
  }
  keyboard.print(introduction(url, options))
  const trouble = await options.vendorTrouble
  if (trouble !== undefined) keyboard.print(remark(trouble))
}

/** Does what a typed line says in the learner's place. */
async function take(learner: Conversation, { print }: Typed, line: string): Promise<void> {
  if (line.trim() === '') return
  const [, command, argument = ''] = /^\/(voice|tap)\s*(.*)$/.exec(line.trim()) ?? []
  if (command === undefined) learner.says(line)
  else if (command === 'voice') await sendVoice(learner, print, argument)
  else if (!learner.taps(argument)) print('There is no such button.')
}

async function sendVoice(
  learner: Conversation,
  print: Typed['print'],
  file: string,
): Promise<void> {
  // A mistyped name is answered, as every line is.
  const bytes = await readFile(file).catch(() => undefined)
  if (bytes === undefined) return print(`Cannot read the file "${file}".`)
  const knownRecording = (await recordings()).find((recording) => bytes.equals(recording.bytes))
  const durationSeconds = (await inspectAudio(bytes))?.durationSeconds ?? 1
  learner.sendsVoice(bytes, durationSeconds, knownRecording?.text)
}

function introduction(url: string, { apiKey, isTelegramReal }: TerminalOptions): string {
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
    `Database: ${DEV_DATABASE}. Log: ${DEV_LOG}`,
    `The dashboard: ${url}/dashboard, with the token ${DEV_ADMIN_TOKEN}`,
    '',
    'A key for the lesson API:',
    apiKey,
    '',
    'A lesson by text, and one by voice (without the sound of the answer):',
    `${lessons} -F user_id=me -F include_audio=false -F "text=Já mám rád česká jídlo."`,
    `${lessons} -F user_id=me -F include_audio=false -F audio=@${recording}`,
    '',
    ...(isTelegramReal ? telegramLines : learnerLines),
    '',
  ].join('\n')
}

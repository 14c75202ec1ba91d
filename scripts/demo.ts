import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { withEnvFile } from './cli/env-file.ts'
import { castLines, vendorProblem } from './studio/cast.ts'
import { playDemo, type Timing } from './studio/demo-play.ts'
import { idleVariables, inherit, providerSettings } from './studio/environment.ts'
import { startFunctions } from './studio/functions-process.ts'
import { imitationRemarks } from './studio/imitation.ts'
import { type LogLine, troubleOf } from './studio/log-lines.ts'
import { speak } from './studio/openai/speech.ts'
import { startOpenai } from './studio/openai/stand-in.ts'
import { startTelegram } from './studio/telegram/stand-in.ts'
import { remark } from './studio/transcript.ts'

/**
 * `npm run demo`: plays a learner's first day against the functions and prints it as the learner sees it.
 * The exit code is 0 if every answer came; what keeps one from coming is said as soon as it happens.
 *
 * Telegram is always a stand-in; so is each stage of a lesson that has no key.
 */

const FOLDER = join('.data', 'demo')
const LOG = join(FOLDER, 'functions.log')
const SECRET = 'demo'

rmSync(FOLDER, { recursive: true, force: true })
const { env: outer, readLine } = withEnvFile(process.env)
if (readLine !== undefined) console.log(readLine)
try {
  for (const line of castLines(outer, { isTelegramReal: false })) console.log(line)
  await vendorProblem(outer).then(failOn)
  await playWithStandIns()
} catch (error) {
  // The command's edge.
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`)
  console.error(`The log of the functions: ${LOG}`)
  process.exitCode = 1
}

async function playWithStandIns(): Promise<void> {
  const telegram = await startTelegram()
  const openai = await startOpenai({
    unknownSentences: 'ungraded',
    speak,
    onRequest: await imitationRemarks(console.log),
  })
  const env = {
    ...inherit(outer),
    ...providerSettings(outer, openai.url),
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    PGLITE_DIR: 'memory://',
    LOG_LEVEL: 'debug',
    PORT: '0',
  }
  const idle = idleVariables(outer, env)
  if (idle.length > 0) console.log(`Without effect here: ${idle.join(', ')}.`)
  let trouble: string | undefined
  const onLog = (line: LogLine) => {
    if (line.event === 'provider_retry') console.log(remark(`${retryText(line)} Trying again.`))
    // The first error has the reason; what follows, its apology.
    if (line.level === 'error' || line.event === 'processing_error') trouble ??= troubleOf(line)
  }
  const functions = startFunctions({ logFile: LOG, env, onLog })
  try {
    console.log('Starting the functions and a database in memory ...')
    telegram.setWebhook(`${await functions.ready}/webhook`, SECRET)
    const timings = await playDemo(telegram, {
      folder: FOLDER,
      print: console.log,
      check: () => failOn(trouble),
    })
    console.log(`\n${summary(timings)}`)
  } finally {
    await Promise.all([functions.stop(), telegram.stop(), openai.stop()])
  }
}

function failOn(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem)
}

function retryText({ stage, code }: LogLine): string {
  return `no answer to ${stage}: ${code}.`
}

function summary(timings: readonly Timing[]): string {
  const row = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(14) : cell.padStart(11))).join('')
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
  return [
    row(['After sending', 'heard', 'verdict', 'voice note']),
    ...timings.map(({ name, heardMs, verdictMs, voiceMs }) =>
      row([name, seconds(heardMs), seconds(verdictMs), seconds(voiceMs)]),
    ),
    '',
    ...castLines(outer, { isTelegramReal: false }),
    'Adam:      his voice notes are recordings of a synthetic voice, scripts/studio/recordings.',
    'Real:      webhook, inbox, lessons, scores, Opus encoding, PostgreSQL (PGlite, in memory).',
    '',
    `Honzík's voice notes to play: ${join(FOLDER, 'honzik-*.ogg')}. What was kept of Adam: ${join(FOLDER, 'mluv-me.json')}. The log: ${LOG}`,
  ].join('\n')
}

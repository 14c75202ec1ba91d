import { rmSync } from 'node:fs'
import type { Kysely, Selectable } from 'kysely'
import { serve } from 'srvx'
import { expect, vi } from 'vitest'
import type { Tables } from '../../db/tables.ts'
import type { Sleep } from '../../lib/app/ports.ts'
import { createDeps, type Deps } from '../../lib/deps.ts'
import type { Level } from '../../lib/domain/learner/learner.ts'
import { answering } from '../../lib/http/answering.ts'
import { takeDelivery } from '../../lib/http/webhook/delivery.ts'
import {
  type OpenaiStandIn,
  type Stage,
  startOpenai,
} from '../../scripts/studio/openai/stand-in.ts'
import { recordings } from '../../scripts/studio/openai/transcription.ts'
import type { Call } from '../../scripts/studio/telegram/calls.ts'
import type { ChatMessage } from '../../scripts/studio/telegram/chats.ts'
import type { CallMatcher } from '../../scripts/studio/telegram/faults.ts'
import type { Learner, VoiceDetails } from '../../scripts/studio/telegram/learner.ts'
import type { Chat } from '../../scripts/studio/telegram/objects.ts'
import { startTelegram, type TelegramStandIn } from '../../scripts/studio/telegram/stand-in.ts'
import { type Gate, openGate } from './gate.ts'
import { passTime } from './jobs.ts'
import { newPgliteFolder } from './pglite-folder.ts'
import { noWait } from './product.ts'

/** The recorded voice notes, by what is in them. */
export const RECORDED = await recordedNotes()

/** Nothing was taught, given or counted. */
export const NOTHING: Ledger = { lessons: [], stars: 0, places: [] }

type JobRow = Selectable<Tables['inbox']>

/** What a learner has been given, and what of their days is used up. */
export type Ledger = {
  lessons: string[]
  stars: number
  /** `text 1`, `voice 2`, `unheard 1`. */
  places: string[]
}

/** A person on Telegram: what they do, and what they see of the bot. */
export type Person = Learner & {
  id: number
  /** The bot's messages in their chat now. */
  seen(): ChatMessage[]
  /** Their texts, word joiners left out; `🔊` is a voice note, `📎` a file. */
  read(): string[]
  ledger(): Promise<Ledger>
}

export type WholeBot = {
  telegram: TelegramStandIn
  openai: OpenaiStandIn
  deps: Deps
  db: Kysely<Tables>
  /** The waits that were asked for and not waited, in milliseconds. */
  sleeps: number[]
  /** A person the bot does not know, whose Telegram app is in a language. */
  stranger(appLanguage?: string, chat?: Chat): Person
  /** A learner who has answered the questions of /start. */
  learner(nativeLanguage: string, level?: Level): Promise<Person>
  /** Sets the product's clock so many milliseconds ahead of the database's: what has arrived looks older. */
  setClockAhead(ms: number): void
  /** The share of each random wait that is waited: 0 <= value < 1. */
  setJitter(value: number): void
  /** Keeps a stage's answers back until the returned function is called. */
  hold(stage: Stage): () => void
  /** Lets Telegram do what the next matching call asks, but answer it only when the returned function is called. */
  holdTelegram(matcher: CallMatcher): () => void
  /** How often each stage has been asked since this call: what `countPaid()()` tells. */
  countPaid(): () => Record<Stage, number>
  /** The jobs of a chat, oldest first. */
  jobsOf(person: Person): Promise<Pick<JobRow, 'state' | 'attempts' | 'duplicates_possible'>[]>
  /** The calls of a method in a chat so far. */
  callsTo(person: Person, method: string): Call[]
  /** Every delivery is acknowledged and no job is under way. */
  settled(): Promise<void>
  stop(): Promise<void>
}

const SECRET = 'a-secret-of-the-tests'

/**
 * Starts the product as Telegram and a learner see it: the webhook function, the stores and both
 * stand-ins over HTTP. Learners are numbered, so that no test sees another's.
 *
 * `print` gets the lines of the log. `waitsPass` lets the time that is waited for pass in the database,
 * too, where a job's due time stands. `isTerse` makes each reply one sentence, and so one call for speech.
 */
export async function startWholeBot(
  env: NodeJS.ProcessEnv = {},
  {
    print,
    waitsPass = false,
    isTerse = false,
  }: { print?: (line: string) => void; waitsPass?: boolean; isTerse?: boolean } = {},
): Promise<WholeBot> {
  // A clock that stands still keeps all lessons of a file on one day, even at midnight.
  const startedAt = Date.now()
  const lateAnswer = lateAnswers()
  const [telegram, openai, pgliteDir] = await Promise.all([
    startTelegram({ now: () => startedAt, delay: lateAnswer.delay }),
    startOpenai({ isTerse }),
    newPgliteFolder(),
  ])
  const gates = await openGates(openai.url)
  const sleeps: number[] = []
  const sleep: Sleep = async (ms, signal) => {
    sleeps.push(ms)
    if (waitsPass) await passTime(db, ms)
    await noWait(ms, signal)
  }
  // Without jitter, unless a test sets one: a failed job is tried again as soon as it may.
  let jitter = 0
  let aheadMs = 0
  const now = () => new Date(Date.now() + aheadMs)
  const deps = await createDeps(
    { ...environmentOf(telegram, gates), PGLITE_DIR: pgliteDir, ...env },
    { sleep, now, random: () => jitter, ...(print && { print }) },
  )
  const { db } = deps.database
  const webhook = answering(async () => deps, { POST: takeDelivery })
  const server = serve({ port: 0, hostname: '127.0.0.1', silent: true, fetch: webhook })
  await server.ready()
  telegram.setWebhook(`${server.url}webhook`, SECRET)

  let people = 0
  function stranger(appLanguage?: string, chat?: Chat): Person {
    people += 1
    const user = {
      id: 1_000 + people,
      first_name: 'Olena',
      ...(appLanguage && { language_code: appLanguage }),
    }
    return personOf(telegram, db, telegram.learner(user, chat))
  }

  const counts = () => mapStages(openai.count)

  return {
    telegram,
    openai,
    deps,
    db,
    sleeps,
    stranger,
    async learner(nativeLanguage, level = 'beginner') {
      const person = stranger(nativeLanguage)
      await deps.learners.chooseNativeLanguage(person.id, nativeLanguage)
      await deps.learners.choose(person.id, { level })
      return person
    },
    setClockAhead(ms) {
      aheadMs = ms
    },
    setJitter(value) {
      jitter = value
    },
    hold: (stage) => gates[stage].hold(),
    holdTelegram(matcher) {
      const { ms, answer } = lateAnswer.next()
      telegram.failNext(matcher, { kind: 'slow', ms })
      return answer
    },
    countPaid() {
      const before = counts()
      return () => mapStages((stage) => counts()[stage] - before[stage])
    },
    jobsOf: ({ chat }) =>
      db
        .selectFrom('inbox')
        .select(['state', 'attempts', 'duplicates_possible'])
        .where('lane', '=', `chat:${chat.id}`)
        .orderBy('id')
        .execute(),
    callsTo: (person, method) => telegram.calls.filter(inChatOf(person, method)),
    async settled() {
      await telegram.settled()
      await deps.idle()
    },
    async stop() {
      lateAnswer.answerAll()
      await server.close(true)
      await deps.idle()
      await Promise.all(Object.values(gates).map((gate) => gate.stop()))
      await Promise.all([telegram.stop(), openai.stop(), deps.close()])
      rmSync(pgliteDir, { recursive: true, force: true })
    },
  }
}

function mapStages(value: (stage: Stage) => number): Record<Stage, number> {
  return { transcribe: value('transcribe'), reply: value('reply'), speak: value('speak') }
}

/** A gate for each stage, in front of one provider. */
async function openGates(url: string): Promise<Record<Stage, Gate>> {
  const [transcribe, reply, speak] = await Promise.all([
    openGate(url),
    openGate(url),
    openGate(url),
  ])
  return { transcribe, reply, speak }
}

function environmentOf(telegram: TelegramStandIn, gates: Record<Stage, Gate>) {
  return {
    TELEGRAM_BOT_TOKEN: telegram.token,
    // The same words are spoken again and again, and each time counts.
    CACHE_MAX_MB: '0',
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    TELEGRAM_API_ROOT: telegram.url,
    OPENAI_API_KEY: 'no-key',
    STT_BASE_URL: gates.transcribe.url,
    CHAT_BASE_URL: gates.reply.url,
    TTS_BASE_URL: gates.speak.url,
    LOG_LEVEL: 'silent',
  }
}

function personOf(telegram: TelegramStandIn, db: Kysely<Tables>, learner: Learner): Person {
  const { id } = learner.user
  const seenMessages = () =>
    telegram.chat(learner.chat.id).messages.filter(({ author }) => author === 'bot')
  return {
    ...learner,
    id,
    seen: seenMessages,
    read: () => seenMessages().map(readable),
    ledger: () => ledgerOf(db, id),
  }
}

/** Tells a method's calls about one chat from all others. */
export function inChatOf(
  { chat }: Person,
  method: string,
): (call: Pick<Call, 'method' | 'payload'>) => boolean {
  return (call) => call.method === method && String(call.payload.chat_id) === String(chat.id)
}

/** Waits for what is to be seen while a lesson is still under way. */
export function eventually(look: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(look, { timeout: 20_000, interval: 5 })
}

/** Sends one of the recordings, of its own length unless told otherwise. */
export function sendRecorded(
  person: Person,
  name: keyof typeof RECORDED,
  details: Partial<VoiceDetails> = {},
): ReturnType<Learner['sendsVoice']> {
  const { bytes, durationSeconds } = RECORDED[name]
  return person.sendsVoice(bytes, { duration: Math.round(durationSeconds), ...details })
}

/** The one of the bot's messages that has a text in it; fails where there are none or several. */
export function only(person: Person, part: string): ChatMessage {
  const matches = person.seen().filter((message) => readable(message).includes(part))
  const [message] = matches
  if (message === undefined || matches.length > 1) {
    expect.fail(`${matches.length} messages with "${part}" in\n${person.read().join('\n---\n')}`)
  }
  return message
}

/** The voice notes that the bot has sent. */
export function voiceNotes(person: Person): ChatMessage[] {
  return person.seen().filter(({ file }) => file?.kind === 'voice')
}

function readable({ text, file }: ChatMessage): string {
  if (file?.kind === 'voice') return '🔊'
  if (file) return '📎'
  return text.replaceAll('\u2060', '')
}

/** Turns the stand-in's waits into promises that a test keeps; a number of milliseconds names each. */
function lateAnswers() {
  const answers = new Map<number, PromiseWithResolvers<void>>()
  return {
    delay: async (ms: number) => answers.get(ms)?.promise,
    next() {
      const answer = Promise.withResolvers<void>()
      const ms = answers.size + 1
      answers.set(ms, answer)
      return { ms, answer: answer.resolve }
    },
    answerAll() {
      for (const { resolve } of answers.values()) resolve()
    },
  }
}

async function ledgerOf(db: Kysely<Tables>, telegramId: number): Promise<Ledger> {
  const learner = db.selectFrom('learner').select('id').where('telegram_id', '=', telegramId)
  const [lessons, entries, places] = await Promise.all([
    db
      .selectFrom('lesson')
      .select('said')
      .where('learner_id', '=', learner)
      .orderBy('id')
      .execute(),
    db.selectFrom('star_entry').select('stars').where('learner_id', '=', learner).execute(),
    db
      .selectFrom('quota_use')
      .select(['kind', 'place'])
      .where('learner_id', '=', learner)
      .orderBy('job_id')
      .execute(),
  ])
  return {
    lessons: lessons.map(({ said }) => said),
    stars: entries.reduce((sum, { stars }) => sum + stars, 0),
    places: places.map(({ kind, place }) => `${kind} ${place}`),
  }
}

async function recordedNotes() {
  const [shop, prague, food, russian, silence] = await recordings()
  if (!shop || !prague || !food || !russian || !silence) throw new Error('A recording is missing.')
  return { shop, prague, food, russian, silence }
}

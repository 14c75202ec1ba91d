import { setTimeout as delay } from 'node:timers/promises'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import type { Stage } from '../../../scripts/studio/openai/stand-in.ts'
import { recordings } from '../../../scripts/studio/openai/transcription.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { type Sender, type SentMessage, telegramSender } from './scenario-senders.ts'
import type { Pair } from './takeover-pair.ts'
import type { Holding } from './takeover-state.ts'

/** One act of a learner or an API client, and all that must result from it, wherever its process is stopped. */
export type Scenario = {
  name: string
  /** Leads a new learner or client to where the scenario begins. */
  prepare(pair: Pair, id: number): Promise<Sender>
  /** Of the process that is stopped, beside what all have. */
  env?: Readonly<Record<string, string>>
  /** A sweep of the process that is stopped finds the job: of a lesson's it must not. */
  sweeps?: boolean
  /** The paid stages, and the first crossing at which others see what each returned: by then the result is stored. */
  pays: Readonly<Partial<Record<Stage, string>>>
  /** The journal's names of those stages that have another one there. */
  steps?: Readonly<Partial<Record<Stage, string>>>
  /** The journalled sends by their step, and which of the new messages are theirs: each message belongs to one. */
  sends: Readonly<Record<string, (message: SentMessage) => boolean>>
  /** What the chat must show once in the end, even where a send was repeated. */
  shows: Readonly<Record<string, (message: SentMessage) => boolean>>
  /** The learner's rows in the end; undefined where there is no learner. */
  leaves: Holding | undefined
}

const [note] = await recordings()
if (note === undefined) throw new Error('The recordings are missing.')
/** A voice note with one mistake, and its words. */
export const { bytes, text: SAID, durationSeconds } = note

export const isVoice = ({ file }: SentMessage) => file?.kind === 'voice'
export const isText = ({ file }: SentMessage) => file === null
export const asksFor = (data: string) => (message: SentMessage) =>
  message.buttons.some(({ callback_data }) => callback_data?.startsWith(data))
/** The corrected word: it is in the verdict and in nothing that was said. */
export const isVerdict = (message: SentMessage) =>
  isText(message) && message.text.includes('obchodu')

export const FIRST_MESSAGE = 'telegram: sendMessage, to be sent #1'
export const LESSON_WRITE = 'lessons: write, to be sent #1'
export const VOICE_SEND = 'telegram: sendVoice, to be sent #1'
export const JOB_END = 'job-ends: finish, to be sent #1'

export const NEWCOMER = {
  nativeLanguage: 'en',
  level: 'beginner',
  lessons: [],
  stars: [],
  places: [],
  maxStreak: 0,
}
export const ONE_LESSON = { ...NEWCOMER, stars: [2], maxStreak: 1 }

export function newcomer({ world }: Pair, id: number): Learner {
  return world.telegram.learner({ id, first_name: 'Anna', language_code: 'en' })
}

export async function register(pair: Pair, id: number): Promise<Learner> {
  await pgLearners(pair.world.db).chooseNativeLanguage(id, 'en')
  return newcomer(pair, id)
}

/**
 * Presses a button: in the end its spinner has stopped, and the question has no buttons any more, or this one.
 */
export function pressSender(
  pair: Pair,
  learner: Learner,
  messageId: number,
  data: string,
  laterData?: string,
): Sender {
  const { telegram } = pair.world
  let queryId: string | undefined
  const press = () => {
    const update = learner.taps(messageId, data)
    queryId = update.callback_query.id
    return update
  }
  return telegramSender(pair.world, learner, press, () => {
    const question = telegram.chat(learner.chat.id).messages.find(({ id }) => id === messageId)
    const isDone = (message: ChatMessage | undefined) =>
      laterData === undefined
        ? message?.buttons.length === 0
        : message?.buttons.some(({ callback_data }) => callback_data === laterData)
    const isAnswered = telegram
      .callsOf('answerCallbackQuery')
      .some(({ payload, wasPerformed }) => payload.callback_query_id === queryId && wasPerformed)
    return [
      ...(isAnswered ? [] : ['the press was not answered']),
      ...(isDone(question) ? [] : ['the buttons are not those of the end']),
    ]
  })
}

/** Says /start to the survivor; the message that then has the button. */
export function awaitWelcome(pair: Pair, learner: Learner, data: string): Promise<number> {
  return awaitAnswer(pair, learner, '/start', data)
}

/** Says a command to the survivor; the message that then has the button. */
export async function awaitAnswer(
  pair: Pair,
  learner: Learner,
  command: string,
  data: string,
): Promise<number> {
  pair.world.deliverTo(pair.survivor)
  learner.says(command)
  return awaitButton(pair, learner, data)
}

export async function awaitButton(pair: Pair, learner: Learner, data: string): Promise<number> {
  return (await awaitMessage(pair, learner, asksFor(data))).id
}

export async function awaitMessage(
  { world }: Pair,
  learner: Learner,
  isIt: (message: ChatMessage) => boolean,
): Promise<ChatMessage> {
  for (let poll = 0; poll < 1_000; poll += 1) {
    const message = world.telegram.chat(learner.chat.id).messages.find(isIt)
    if (message !== undefined) return message
    await delay(20)
  }
  throw new Error('The message that the scenario waits for was not shown.')
}

/** A learner who sends the recording as a voice note. */
export function voiceSender({ world }: Pair, learner: Learner): Sender {
  const duration = Math.round(durationSeconds)
  return telegramSender(world, learner, () => learner.sendsVoice(bytes, { duration }))
}

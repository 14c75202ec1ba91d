import { RETAKE, WITHDRAW } from '../../../lib/bot/lesson-buttons.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import { deliverCommand, deliverText, deliverVoice, FOREIGN, tap } from './deliveries.ts'
import type { ModelChat, Run } from './run.ts'

type Button = { messageId: number; data: string }

/** Presses what says of the newest lesson asked about that it was none; else asks about the newest one. */
export function deliverWithdrawal(run: Run, chat: ModelChat): boolean {
  const button =
    buttonsNow(run, chat, WITHDRAW.name).at(-1) ?? buttonsNow(run, chat, RETAKE.name).at(-1)
  return press(run, chat, button)
}

/** Says of a lesson, counted from the newest, that something else was said; `isOld`: also by a button that is gone. */
export function deliverRetake(
  run: Run,
  chat: ModelChat,
  { index, isOld }: { index: number; isOld: boolean },
): boolean {
  const buttons = isOld ? buttonsEver(run, chat, RETAKE.name) : buttonsNow(run, chat, RETAKE.name)
  return press(run, chat, buttons.toReversed()[index % Math.max(1, buttons.length)])
}

export type OtherWords = { index: number; isVoice: boolean; isCzech: boolean }

/**
 * Answers one of the questions for other words, counted from the newest, whether it still stands or not. Where nothing was
 * asked, the newest lesson is asked about first, and where there is none, one is taught. How much was delivered.
 */
export async function deliverOtherWords(
  run: Run,
  chat: ModelChat,
  { index, isVoice, isCzech }: OtherWords,
): Promise<number> {
  const count = questionsIn(run, chat).length === 0 ? await askFirst(run, chat) : 0
  const questions = questionsIn(run, chat)
  const question = questions.toReversed()[index % Math.max(1, questions.length)]
  if (question === undefined) return count
  const way = { hoursLate: 0, overtakes: false, question }
  if (isVoice) await deliverVoice(run, chat, isCzech ? otherWords() : null, way)
  else deliverText(run, chat, isCzech ? otherWords() : FOREIGN[0], way)
  return count + 1
}

async function askFirst(run: Run, chat: ModelChat): Promise<number> {
  const isTaught = buttonsNow(run, chat, RETAKE.name).length > 0
  if (!isTaught) {
    deliverText(run, chat, otherWords(), { hoursLate: 0, overtakes: false })
    await run.quiet()
  }
  const isPressed = deliverRetake(run, chat, { index: 0, isOld: false })
  await run.quiet()
  return (isTaught ? 0 : 1) + (isPressed ? 1 : 0)
}

let otherWordsCount = 0

/** Never the same, so that what the tutor is asked about them can be told; every other one is too short for a star. */
function otherWords(): string {
  otherWordsCount += 1
  const number = otherWordsCount
  return number % 2 === 0 ? `Věta ${number}.` : `Tohle je věta číslo ${number}.`
}

/** Lets the learner delete everything: what is stored of them goes, and who writes next is a stranger. */
export async function deliverDeletion(run: Run, chat: ModelChat): Promise<number> {
  deliverCommand(run, chat, '/delete_me')
  await run.quiet()
  const button = buttonsNow(run, chat, 'delete-me').find(({ data }) => data.endsWith(':yes'))
  if (button === undefined) return 1
  chat.isDeleted = true
  press(run, chat, button)
  return 2
}

function press(run: Run, chat: ModelChat, button: Button | undefined): boolean {
  if (button !== undefined) tap(run, chat, button.messageId, button.data)
  return button !== undefined
}

/** The questions that were asked in a chat, for other words and for anything else that a reply is to answer. */
export function questionsIn(run: Run, chat: ModelChat): ChatMessage[] {
  return messagesOf(run, chat).filter(({ markup }) => markup?.force_reply === true)
}

function buttonsNow(run: Run, chat: ModelChat, name: string): Button[] {
  return messagesOf(run, chat).flatMap(({ id, buttons }) => named(name, id, buttons))
}

/** Of each message once, also where an edit has taken it away. */
function buttonsEver(run: Run, chat: ModelChat, name: string): Button[] {
  return messagesOf(run, chat).flatMap(({ id, message, revisions }) => {
    const buttons = [message, ...revisions].flatMap(
      ({ reply_markup }) => reply_markup?.inline_keyboard?.flat() ?? [],
    )
    return named(name, id, buttons).slice(0, 1)
  })
}

function named(name: string, messageId: number, buttons: ChatMessage['buttons']): Button[] {
  return buttons.flatMap(({ callback_data: data = '' }) =>
    data.startsWith(`${name}:`) ? [{ messageId, data }] : [],
  )
}

function messagesOf(run: Run, { learner }: ModelChat): ChatMessage[] {
  const { messages } = run.world.telegram.chat(learner.chat.id)
  return messages.filter(({ author }) => author === 'bot')
}

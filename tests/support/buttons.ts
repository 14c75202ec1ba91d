import { expect } from 'vitest'
import { text } from '../../lib/bot/texts/texts.ts'
import type { ChatMessage } from '../../scripts/studio/telegram/chats.ts'
import type { Person, WholeBot } from './whole-bot.ts'

/** The newest of the bot's messages that has a button of a kind now. */
export function withButton(person: Person, name: string): ChatMessage {
  const message = person
    .seen()
    .findLast(({ buttons }) => buttons.some(({ callback_data }) => callback_data?.startsWith(name)))
  if (message === undefined) throw new Error(`No message has the button ${name}.`)
  return message
}

/** The data of a message's button of a kind; empty where it has none. */
export function dataOf({ buttons }: ChatMessage, name: string): string {
  const button = buttons.find(({ callback_data }) => callback_data?.startsWith(name))
  return button?.callback_data ?? ''
}

/** Presses a message's button of a kind, as it was when the message was looked at. */
export function tap(person: Person, name: string, message: ChatMessage): void {
  person.taps(message.id, dataOf(message, name))
}

/** The words that the buttons a person pressed were answered with, oldest first; empty ones end a spinner alone. */
export function noticesOf({ telegram }: Pick<WholeBot, 'telegram'>, { chat }: Person): string[] {
  const { history } = telegram.chat(chat.id)
  return history.flatMap((event) => (event.kind === 'notice' ? [event.text] : []))
}

/** The newest of the bot's messages that asks for a reply. */
export function question(person: Person): ChatMessage {
  const question = person.seen().findLast(({ markup }) => markup?.force_reply === true)
  if (question === undefined) throw new Error('Nothing was asked.')
  return question
}

/** The first lesson in the chat is marked as replaced by other words, and neither of its messages has a button. */
export function expectReplaced(person: Person, said: string): void {
  expect(person.read()[0]).toBe(`↩️ ${text('uk', 'retake.replaced')}\n\n${said}`)
  const [verdict, voiceNote] = person.seen()
  expect([verdict?.buttons, voiceNote?.buttons]).toEqual([[], []])
}

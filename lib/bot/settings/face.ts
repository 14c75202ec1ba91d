import type { Keyboard } from '../../app/telegram.ts'
import { buttonOf } from '../presses.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'

/** A side of the card: its text, and what can be pressed on it. */
export type Face = { html: string; keyboard: Keyboard }

/** The face with what is set, by the name that its buttons have. */
export const SUMMARY = 'summary'

/** What the buttons are called that turn the card to what is remembered, which is another feature's. */
export const MEMORY = 'memory'

/** What the buttons are called that turn the card to a face. */
export const CARD = 'card'

/** The same with a button back to what is set. */
export function withWayBack(
  language: InterfaceLanguage,
  { html, keyboard: { inline_keyboard } }: Face,
): Face {
  const toSummary = { name: CARD, read: (value: string) => value }
  const back = buttonOf(toSummary, SUMMARY, `« ${text(language, 'settings.back')}`)
  return { html, keyboard: { inline_keyboard: [...inline_keyboard, [back]] } }
}

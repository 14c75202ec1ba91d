import { TEXTS, type TextKey, text } from '../../lib/bot/texts/texts.ts'
import { noticesOf } from '../support/buttons.ts'
import type { Person, WholeBot } from '../support/whole-bot.ts'

/** The language that all learners of the fault tables speak. */
export const LANGUAGE = 'uk'

/** The bot's messages in a chat, top to bottom: keys of texts and kinds of sounds; other messages word by word. */
export function sightsOf(person: Person): string[] {
  return person.read().map(sightOf)
}

/** The answers to the buttons that a learner pressed, in order. */
export function pressesOf(bot: WholeBot, person: Person): string[] {
  return noticesOf(bot, person).map((notice) => (notice === '' ? 'done' : sightOf(notice)))
}

function sightOf(message: string): string {
  if (message === '🔊') return 'voice'
  if (message === '📎') return 'file'
  // Every verdict has its score, under this sign.
  if (message.includes('\n🎯 ')) return 'verdict.score'
  if (message.startsWith(`🎙 ${text(LANGUAGE, 'verdict.heard')}\n`)) return 'verdict.heard'
  const words = message.replace(/^🔇 /, '')
  return KEYED.find(([start]) => words === start || words.startsWith(`${start}\n`))?.[1] ?? message
}

/** Texts that are always the same, and the two that name what was chosen. */
const KEYED: readonly (readonly [string, TextKey])[] = [
  ...Object.keys(TEXTS[LANGUAGE])
    .filter(isTextKey)
    .map((key) => [TEXTS[LANGUAGE][key], key] as const)
    .filter(([words]) => !words.includes('{')),
  [text(LANGUAGE, 'native.chosen', { language: 'Українська' }), 'native.chosen'],
  [text(LANGUAGE, 'level.chosen', { level: text(LANGUAGE, 'level.advanced') }), 'level.chosen'],
]

function isTextKey(key: string): key is TextKey {
  return key in TEXTS[LANGUAGE]
}

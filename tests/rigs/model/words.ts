import type { InterfaceLanguage } from '../../../lib/bot/texts/language.ts'
import { text } from '../../../lib/bot/texts/texts.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'

/** The kinds of the bot's messages that the facts recognise by their words, in any language. */
export type Word = 'verdict' | 'quota-used-up' | 'unheard-used-up' | 'refused' | 'unanswerable'

const LANGUAGES: readonly InterfaceLanguage[] = ['ru', 'uk', 'en', 'cs']
const wait = { unit: 'hours', amount: 7 } as const

/** How each begins, up to its first number. */
const BEGINNINGS: Readonly<Record<Word, readonly string[]>> = {
  verdict: [],
  refused: LANGUAGES.map((language) => text(language, 'failure.refused')),
  unanswerable: LANGUAGES.map((language) => text(language, 'failure.unanswerable')),
  'quota-used-up': LANGUAGES.flatMap((language) =>
    (['voice', 'text'] as const).map((kind) =>
      startOf(text(language, 'quota.usedUp', { kind, limit: 7, ...wait })),
    ),
  ),
  'unheard-used-up': LANGUAGES.map((language) =>
    startOf(text(language, 'quota.unheardUsedUp', wait)),
  ),
}

/** Whether a message is of that kind. */
export function says({ text: content }: Pick<ChatMessage, 'text'>, word: Word): boolean {
  // Joiners keep Telegram from making links of what learners said.
  const plainText = content.replaceAll('\u2060', '')
  // Every verdict has a score, and nothing else has.
  if (word === 'verdict') return plainText.includes('🎯')
  return BEGINNINGS[word].some((start) => plainText.startsWith(start))
}

function startOf(content: string): string {
  return content.split(/\d/, 1).join()
}

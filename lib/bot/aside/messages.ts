import type { Character } from '../../domain/learner/learner.ts'
import type { NewWord } from '../../domain/lesson/lesson.ts'
import { MAX_CAPTION_LENGTH, renderHtml, type Section } from '../html.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'

/** The reply and its translation, as the text under its voice note. */
export function translationCaption(reply: string, translation: string): string {
  return renderHtml(translationSections(reply, translation), MAX_CAPTION_LENGTH)
}

/** The same as a message, where the reply is one. */
export function translationMessage(
  language: InterfaceLanguage,
  character: Character,
  reply: string,
  translation: string,
): string {
  const label = { text: text(language, 'reply.label', { character }), style: 'b' } as const
  return renderHtml([[{ text: '💬 ' }, label], ...translationSections(reply, translation)])
}

function translationSections(reply: string, translation: string): Section[] {
  return [[{ text: reply }], [{ text: '🌐 ' }, { text: translation, style: 'i' }]]
}

/** What the learner can say next, each to be copied by a tap. */
export function readyAnswersMessage(
  language: InterfaceLanguage,
  readyAnswers: readonly NewWord[],
): string {
  const lines = readyAnswers.map(
    ({ czech, translation }): Section => [
      { text: czech, style: 'code' },
      { text: translation === '' ? '' : `\n${translation}` },
    ],
  )
  return renderHtml([...lines, [{ text: `👆 ${text(language, 'aside.tapToCopy')}` }]])
}

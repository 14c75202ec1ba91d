import { LEVELS } from '../../domain/learner/learner.ts'
import { renderHtml } from '../html.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'

/** Asks for the level and says what each is like; the keyboard has the names alone. */
export function chooseLevelMessage(language: InterfaceLanguage): string {
  const levels = LEVELS.map((level) => [
    { text: text(language, `level.${level}`), style: 'b' as const },
    { text: `\n${text(language, `level.${level}.hint`)}` },
  ])
  return renderHtml([[{ text: text(language, 'level.choose') }], ...levels])
}

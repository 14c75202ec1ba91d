import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { Span } from '../html.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'

/** A section's first line. */
export function heading(emoji: string, label: string): Span[] {
  return [{ text: `${emoji} ` }, { text: label, style: 'b' }, { text: '\n' }]
}

/** Above what the learner has said or written. */
export function saidHeading(language: InterfaceLanguage, kind: LessonKind): Span[] {
  return kind === 'voice'
    ? heading('🎙', text(language, 'verdict.heard'))
    : heading('✍️', text(language, 'verdict.wrote'))
}

/** From this many lessons on the verdict says how many are left. */
const LEFT_TO_SAY = 2

/** What is left of the day, said before it runs out. */
export function leftLines(
  language: InterfaceLanguage,
  { kind, lessonsLeft = 0 }: { kind: LessonKind; lessonsLeft?: number },
): string[] {
  if (lessonsLeft < 1 || lessonsLeft > LEFT_TO_SAY) return []
  return [`⏳ ${text(language, 'quota.left', { kind, count: lessonsLeft })}`]
}

/** Several stretches as one, with a separator between them. */
export function joinSpans(items: readonly Span[][], separator: string): Span[] {
  return items.flatMap((item, index) => (index === 0 ? item : [{ text: separator }, ...item]))
}

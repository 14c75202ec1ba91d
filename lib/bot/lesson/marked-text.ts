import { spellingOf } from '../../domain/diff/spelling.ts'
import { spokenEdits } from '../../domain/diff/spoken-edits.ts'
import { diffWords, type Edit } from '../../domain/diff/word-diff.ts'
import { tokensOf } from '../../domain/diff/words.ts'
import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { Span } from '../html.ts'

/** The utterance, every error struck through and followed by its replacement, doubtful words with a question mark. */
export function markUp(
  said: string,
  edits: readonly Edit[],
  doubtfulWords: readonly string[],
): Span[] {
  const spans: Span[] = []
  let position = 0
  for (const { kind, patch, original, replacement } of edits) {
    const removedText = said.slice(patch.from, patch.to)
    const isMoved = kind === 'moved-away' || kind === 'moved-here'
    spans.push(
      { text: withQuestionMarks(said, position, patch.from, doubtfulWords) },
      { text: spaceBefore(removedText) || spaceBefore(patch.text) },
      { text: original, style: 's' },
      { text: original !== '' && replacement !== '' ? ' ' : '' },
      { text: replacement, style: isMoved ? 'u' : 'b' },
      { text: spaceAfter(removedText) || spaceAfter(patch.text) },
    )
    position = patch.to
  }
  return [...spans, { text: withQuestionMarks(said, position, said.length, doubtfulWords) }]
}

function withQuestionMarks(
  said: string,
  from: number,
  to: number,
  doubtfulWords: readonly string[],
): string {
  const part = said.slice(from, to)
  if (doubtfulWords.length === 0) return part
  const doubtfulTokens = tokensOf(part)
    .toReversed()
    .filter(({ text }) => doubtfulWords.includes(spellingOf(text)))
  return doubtfulTokens.reduce(
    (text, token) => `${text.slice(0, token.to)} (?)${text.slice(token.to)}`,
    part,
  )
}

function spaceBefore(text: string): string {
  return text.slice(0, text.length - text.trimStart().length)
}

function spaceAfter(text: string): string {
  return text.slice(text.trimEnd().length)
}

/** What a message has room for beside its other markup (`MAX_LISTED` in verdict.ts says why). */
const MAX_BOLD_RUNS = 60

/**
 * The corrected text, a line for each sentence, with the words in bold that differ from what was said; the commas of
 * speech are the recogniser's. Where Telegram has no room for all marks there are none: a text that is marked in part looks right in the rest.
 */
export function changedWordsInBold(kind: LessonKind, said: string, correctedText: string): Span[] {
  // The edits that lead back tell which words of the corrected text are others.
  const edits = (kind === 'voice' ? spokenEdits : diffWords)(correctedText, said)
  const changes = edits.filter(({ patch }) => patch.from !== patch.to)
  const text = sentencesInLines(correctedText)
  if (changes.length > MAX_BOLD_RUNS) return [{ text }]
  const spans: Span[] = []
  let position = 0
  for (const { patch } of changes) {
    spans.push(
      { text: text.slice(position, patch.from) },
      { text: text.slice(patch.from, patch.to), style: 'b' },
    )
    position = patch.to
  }
  return [...spans, { text: text.slice(position) }]
}

/** A line break in place of the space between two sentences, so that every place stays where it is. */
function sentencesInLines(text: string): string {
  return text.replace(/(?<=[.!?…]) (?=\p{Lu})/gu, '\n')
}

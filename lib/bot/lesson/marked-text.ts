import { spellingOf } from '../../domain/diff/spelling.ts'
import { diffWords, type Edit } from '../../domain/diff/word-diff.ts'
import { tokensOf } from '../../domain/diff/words.ts'
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
  const marked = tokensOf(part)
    .toReversed()
    .filter(({ text }) => doubtfulWords.includes(spellingOf(text)))
  return marked.reduce(
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

/** The corrected text with the words in bold that differ from what was said. */
export function changedWordsInBold(said: string, correctedText: string): Span[] {
  const spans: Span[] = []
  let position = 0
  // The edits that lead back tell which words of the corrected text are others.
  for (const { patch } of diffWords(correctedText, said).slice(0, MAX_BOLD_RUNS)) {
    if (patch.from === patch.to) continue
    spans.push(
      { text: correctedText.slice(position, patch.from) },
      { text: correctedText.slice(patch.from, patch.to), style: 'b' },
    )
    position = patch.to
  }
  return [...spans, { text: correctedText.slice(position) }]
}

import type { Form } from './likeness.ts'
import type { SpokenWord } from './spoken-words.ts'
import { changes, type Edit, type Patch } from './word-diff.ts'
import { type Token, textOf, tokensOf } from './words.ts'

/** A text, and those of its words that are compared. */
export type WordsOfText = { readonly text: string; readonly words: readonly SpokenWord[] }

/** What makes two words the same, and two texts that stand for each other. */
export type WordComparison = {
  /** Words whose forms have the same text are the same. */
  formOf(word: string): Form
  isSame(original: string, replacement: string): boolean
}

/** The edits of the words alone: punctuation stays as it stands in the first text. */
export function wordEdits(
  said: WordsOfText,
  correction: WordsOfText,
  { formOf, isSame }: WordComparison,
): Edit[] {
  const tokens = tokensOf(said.text)
  const [a, b] = [said.words, correction.words]
  const operations = changes(
    a.map(({ text }) => formOf(text)),
    b.map(({ text }) => formOf(text)),
  )
  return operations.flatMap((operation): Edit[] => {
    const original = textOf(said.text, a, operation.said)
    const replacement = textOf(correction.text, b, operation.correction)
    if (operation.kind === 'match' || isSame(original, replacement)) return []
    const [first, end] = operation.said
    const before = a[first - 1]
    const words = a.slice(first, end)
    const start = words[0]?.index ?? before?.end ?? 0
    return [
      {
        kind: operation.kind,
        start,
        end: words.at(-1)?.end ?? start,
        original,
        replacement,
        patch: patchOf(words, tokens[start - 1], before, replacement),
      },
    ]
  })
}

/** `tokenBefore` may be punctuation, `wordBefore` is not. */
function patchOf(
  words: readonly SpokenWord[],
  tokenBefore: Token | undefined,
  wordBefore: SpokenWord | undefined,
  replacement: string,
): Patch {
  const [first, last] = [words[0], words.at(-1)]
  if (first === undefined || last === undefined) {
    const at = wordBefore?.to ?? 0
    return { from: at, to: at, text: wordBefore ? ` ${replacement}` : `${replacement} ` }
  }
  // A word that goes takes along the white space before it.
  const from = replacement === '' ? (tokenBefore?.to ?? 0) : first.from
  return { from, to: last.to, text: replacement }
}

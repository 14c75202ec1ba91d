import type { Operation } from './align.ts'
import type { Form } from './likeness.ts'
import type { SpokenWord } from './spoken-words.ts'
import { changes, type Edit, type Patch } from './word-diff.ts'
import { type Token, textOf, tokensOf, wordsOf } from './words.ts'

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
  const textsOf = (operation: Operation) =>
    [
      textOf(said.text, a, operation.said),
      textOf(correction.text, b, operation.correction),
    ] as const
  const changedOperations = operations.filter(
    (operation) => operation.kind !== 'match' && !isSame(...textsOf(operation)),
  )
  const parts = changedOperations.flatMap((operation) => {
    const clauses = splitAtPunctuation(operation, said, correction)
    return clauses.some((clause) => isSame(...textsOf(clause))) ? [operation] : clauses
  })
  return parts.flatMap((operation) => {
    const [original, replacement] = textsOf(operation)
    const edit = editOf(operation, said, correction, { original, replacement, tokens })
    return edit === undefined ? [] : [edit]
  })
}

/** The edit that an operation is, `tokens` those of what was said; undefined where nothing changes. */
function editOf(
  operation: Operation,
  said: WordsOfText,
  correction: WordsOfText,
  {
    original,
    replacement,
    tokens,
  }: Pick<Edit, 'original' | 'replacement'> & { tokens: readonly Token[] },
): Edit | undefined {
  if (operation.kind === 'match') return undefined
  const [firstIndex, end] = operation.said
  const words = said.words.slice(firstIndex, end)
  const start = words[0]?.index ?? said.words[firstIndex - 1]?.end ?? 0
  return {
    kind: operation.kind,
    start,
    end: words.at(-1)?.end ?? start,
    original,
    replacement,
    patch:
      words.length > 0 || replacement === ''
        ? replacing(words, tokens[start - 1], replacement)
        : inserting(replacement, insertionPlace(said, correction, operation)),
  }
}

/**
 * What a replacement adds behind a punctuation mark belongs to the next clause: `hezky` -> `slunečno, tak`. Words said
 * twice count, so that as many words are wrong and missing as without the mark.
 */
function splitAtPunctuation(
  operation: Operation,
  said: WordsOfText,
  { text, words }: WordsOfText,
): Operation[] {
  const [start, end] = operation.correction
  const [, saidEnd] = operation.said
  if (operation.kind !== 'replace') return [operation]
  const wordsSaid = wordsOf(textOf(said.text, said.words, operation.said)).length
  for (let index = end - 1; index > start; index -= 1) {
    const gap = text.slice(words[index - 1]?.to, words[index]?.from)
    const isSurplus = index - start >= wordsSaid
    if (PUNCTUATION.test(gap) && isSurplus) {
      return [
        { ...operation, correction: [start, index] },
        { kind: 'insert', said: [saidEnd, saidEnd], correction: [index, end] },
      ]
    }
  }
  return [operation]
}

/** The patch that puts `replacement` in place of words; where it is empty, the white space before them goes, too. */
function replacing(
  words: readonly SpokenWord[],
  tokenBefore: Token | undefined,
  replacement: string,
): Patch {
  const from = replacement === '' ? (tokenBefore?.to ?? 0) : (words[0]?.from ?? 0)
  return { from, to: words.at(-1)?.to ?? from, text: replacement }
}

type Place = { at: number; isBeforeWord: boolean }

function inserting(replacement: string, { at, isBeforeWord }: Place): Patch {
  return { from: at, to: at, text: isBeforeWord ? `${replacement} ` : ` ${replacement}` }
}

/** Behind the word before, or before the next word where the corrected text has punctuation in front of what is added. */
function insertionPlace(
  said: WordsOfText,
  correction: WordsOfText,
  { said: [at], correction: [start] }: Operation,
): Place {
  const [wordBefore, wordBehind] = [said.words[at - 1], said.words[at]]
  if (wordBefore === undefined) return { at: wordBehind?.from ?? 0, isBeforeWord: true }
  const gap = correction.text.slice(
    correction.words[start - 1]?.to ?? 0,
    correction.words[start]?.from,
  )
  const gapOfSaid = said.text.slice(wordBefore.to, wordBehind?.from)
  const isBehindPunctuation = PUNCTUATION.test(gap) && PUNCTUATION.test(gapOfSaid)
  return wordBehind !== undefined && isBehindPunctuation
    ? { at: wordBehind.from, isBeforeWord: true }
    : { at: wordBefore.to, isBeforeWord: false }
}

const PUNCTUATION = /[^\s\p{L}\p{M}\p{N}]/u

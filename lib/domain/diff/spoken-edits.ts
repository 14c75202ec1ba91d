import { changes, type Edit, type Patch } from './word-diff.ts'
import { isWord, soundOf, soundSame, type Token, textOf, tokensOf } from './words.ts'

/**
 * The changes that a listener would hear: the diff of the words alone, for learners who speak.
 *
 * Punctuation, capitals and white space are the recogniser's and make no edit: texts that sound the same
 * have none. Applied to said they keep its punctuation and give the words of the corrected text.
 */
export function spokenEdits(said: string, correctedText: string): Edit[] {
  if (soundSame(said, correctedText)) return []
  const tokens = tokensOf(said)
  const a = spokenWordsOf(tokens)
  const b = spokenWordsOf(tokensOf(correctedText))
  return changes(a, b).flatMap((operation): Edit[] => {
    const original = textOf(said, a, operation.said)
    const replacement = textOf(correctedText, b, operation.correction)
    if (operation.kind === 'match' || soundSame(original, replacement)) return []
    const [first, end] = operation.said
    const before = a[first - 1]
    const words = a.slice(first, end)
    const start = words[0]?.index ?? (before === undefined ? 0 : before.index + 1)
    return [
      {
        kind: operation.kind,
        start,
        end: (words.at(-1)?.index ?? start - 1) + 1,
        original,
        replacement,
        patch: patchOf(words, tokens[start - 1], before, replacement),
      },
    ]
  })
}

/** A word as it is heard, and which of the text's tokens it is. */
type SpokenWord = Token & { readonly index: number }

function spokenWordsOf(tokens: readonly Token[]): SpokenWord[] {
  return tokens
    .map((token, index) => ({ ...token, text: soundOf(token.text), index }))
    .filter((token) => isWord(token.text))
}

/** `tokenBefore` may be punctuation, `wordBefore` is not. */
function patchOf(
  words: readonly SpokenWord[],
  tokenBefore: Token | undefined,
  wordBefore: Token | undefined,
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

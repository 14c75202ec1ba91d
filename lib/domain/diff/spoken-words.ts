import { spellingOf } from './spelling.ts'
import { isWord, type Token, tokensOf } from './words.ts'
import {
  lengthOfSign,
  type WordsWithNumbers,
  type WrittenSign,
  wordsWithNumbers,
  writtenSignsOf,
} from './written-signs.ts'

/** A word as it is heard: its spelling, and the tokens of the text that it covers, [index, end). */
export type SpokenWord = Token & { readonly index: number; readonly end: number }

/**
 * The words of two texts as a listener compares them: what one writes as a sign (`20 %`, `7:30`, `např.`) and the
 * other in words is the same word in both.
 */
export function spokenWordsOf(textA: string, textB: string): [SpokenWord[], SpokenWord[]] {
  const [a, b] = [plainWordsOf(textA), plainWordsOf(textB)]
  const [signsA, signsB] = [writtenSignsOf(textA), writtenSignsOf(textB)]
  const sharedSigns = [...signsSaidIn(b, signsA), ...signsSaidIn(a, signsB)]
  if (sharedSigns.length === 0) return [a, b]
  const fold = (words: readonly SpokenWord[], text: string, signs: readonly WrittenSign[]) =>
    withReadingsAsSigns(withSigns(words, text, signs, sharedSigns), sharedSigns)
  return [fold(a, textA, signsA), fold(b, textB, signsB)]
}

/** The words of a text by their spelling, each one token. */
export function plainWordsOf(text: string): SpokenWord[] {
  return tokensOf(text)
    .map((token, index) => ({ ...token, text: spellingOf(token.text), index, end: index + 1 }))
    .filter((token) => isWord(token.text))
}

/** Those of the other text's signs that these words say somewhere, each once. */
function signsSaidIn(words: readonly SpokenWord[], signs: readonly WrittenSign[]): WrittenSign[] {
  const wordsSaid = wordsWithNumbers(words.map(({ text }) => text))
  const distinctSigns = new Map(signs.map((sign) => [sign.text, sign])).values()
  return [...distinctSigns].filter((sign) =>
    words.some((_, at) => lengthOfSign(sign, wordsSaid, at) > 0),
  )
}

/** The text's own signs as one word each, symbols among them. */
function withSigns(
  words: readonly SpokenWord[],
  text: string,
  signs: readonly WrittenSign[],
  sharedSigns: readonly WrittenSign[],
): SpokenWord[] {
  const sharedTexts = new Set(sharedSigns.map((sign) => sign.text))
  const tokens = tokensOf(text)
  const signWords = signs
    .filter((sign) => sharedTexts.has(sign.text))
    .map((sign): SpokenWord => {
      const indexes = tokens.flatMap(({ from, to }, index) =>
        from >= sign.from && to <= sign.to ? [index] : [],
      )
      const [index = 0, end = index + 1] = [indexes[0], (indexes.at(-1) ?? 0) + 1]
      return { text: sign.text, from: sign.from, to: sign.to, index, end }
    })
  const isCovered = (word: SpokenWord) =>
    signWords.some(({ index, end }) => word.index >= index && word.index < end)
  return [...words.filter((word) => !isCovered(word)), ...signWords].sort(
    (a, b) => a.index - b.index,
  )
}

/** Replaces the words that say a sign by it; before it, `ve` becomes `v`. */
function withReadingsAsSigns(
  words: readonly SpokenWord[],
  signs: readonly WrittenSign[],
): SpokenWord[] {
  const wordsSaid = wordsWithNumbers(words.map(({ text }) => text))
  const foldedWords: SpokenWord[] = []
  for (let at = 0; at < words.length; ) {
    const sign = longestSignAt(signs, wordsSaid, at)
    const [firstWord, lastWord] = [words[at], words[at + (sign?.length ?? 1) - 1]]
    if (firstWord === undefined || lastWord === undefined) break
    if (sign !== undefined) {
      const previousWord = foldedWords.pop()
      if (previousWord) foldedWords.push({ ...previousWord, text: unvocalized(previousWord.text) })
    }
    foldedWords.push({
      ...firstWord,
      text: sign?.text ?? firstWord.text,
      to: lastWord.to,
      end: lastWord.end,
    })
    at += sign?.length ?? 1
  }
  return foldedWords
}

/** The sign that stands, or is said by the most words, from a place on. */
function longestSignAt(
  signs: readonly WrittenSign[],
  said: WordsWithNumbers,
  at: number,
): { text: string; length: number } | undefined {
  const lengths = signs.map((sign) => ({
    text: sign.text,
    length: said.words[at] === sign.text ? 1 : lengthOfSign(sign, said, at),
  }))
  const [longest] = lengths.sort((a, b) => b.length - a.length)
  return longest !== undefined && longest.length > 0 ? longest : undefined
}

/** `ve čtvrt na osm` is `v 7:15`. */
function unvocalized(word: string): string {
  return /^(?:ve|se|ze|ke)$/u.test(word) ? word.slice(0, 1) : word
}

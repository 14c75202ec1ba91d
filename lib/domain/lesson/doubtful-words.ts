import { spellingOf } from '../diff/spelling.ts'
import { diffWords, withEdits } from '../diff/word-diff.ts'
import { tokensOf, wordsOf } from '../diff/words.ts'

/** Those of the tutor's doubtful words that the learner was heard to say, each once. */
export function doubtfulIn(said: string, words: readonly string[]): string[] {
  const transcriptWords = new Set(wordsOf(said))
  return [...new Set(words.flatMap(wordsOf))].filter((word) => transcriptWords.has(word))
}

/** The corrected text in which words that were probably misheard stay as they were heard: they are no mistakes. */
export function keepingDoubtful(
  said: string,
  correctedText: string,
  doubtfulWords: readonly string[],
): string {
  if (doubtfulWords.length === 0) return correctedText
  const doubtfulWordSet = new Set(doubtfulWords)
  const isDoubtful = (text: string) => wordsOf(text).some((word) => doubtfulWordSet.has(word))
  return withEdits(
    said,
    diffWords(said, correctedText).filter(({ original }) => !isDoubtful(original)),
  )
}

/** Tells which tokens of a text are doubtful words, by their indexes in `tokensOf`. */
export function doubtfulTokens(said: string, doubtfulWords: readonly string[]): Set<number> {
  const doubtfulWordSet = new Set(doubtfulWords)
  return new Set(
    tokensOf(said).flatMap(({ text }, index) =>
      doubtfulWordSet.has(spellingOf(text)) ? [index] : [],
    ),
  )
}

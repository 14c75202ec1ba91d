import { wordsOf } from '../diff/words.ts'

/** A word or more of a transcript, and how likely the recogniser held it to be: the mean natural logarithm of its pieces. */
export type ProbableWord = { text: string; logprob: number }

/**
 * Below this probability (0 to 1) a recogniser was not sure of a word. It is low on purpose: a learner's wrong form is
 * an unlikely word, too, and has to be corrected. Chosen, not measured: there is no Czech corpus of learners' speech.
 */
export const MIN_WORD_PROBABILITY = 0.2
/** Below this mean logprob OpenAI's reference calls a segment of whisper's failed: none of its words is sure. */
export const SEGMENT_FAILS_BELOW_LOGPROB = -1

/** The words, as spelled and each once, that a recogniser was not sure to have heard. */
export function unsureWordsOf(words: readonly ProbableWord[]): string[] {
  const limit = Math.log(MIN_WORD_PROBABILITY)
  const unsure = words.filter(({ logprob }) => logprob < limit)
  return [...new Set(unsure.flatMap(({ text }) => wordsOf(text)))]
}

import { withoutDiacritics } from '../diff/spelling.ts'
import { wordsOf } from '../diff/words.ts'
import { isForeignToCzech, isInLanguage, isMostlyLatin } from './language-check.ts'
import type { Mistake } from './lesson.ts'
import { without } from './multiset.ts'

/** Why a correction is not to be believed. */
export type CorrectionFault =
  | 'other-words'
  | 'other-length'
  | 'other-script'
  | 'explanation-language'

type Correction = {
  correctedText: string
  mistakes: readonly Mistake[]
  suggestion: string
}

/**
 * What is wrong with a correction as a whole, if something is: it does not keep the learner's words or their length, is
 * not in Czech letters, or is explained in another language than the learner's.
 *
 * Models translate, rewrite, or keep the last sentence alone. The bounds are those beyond which 0.5 % of 7,172
 * human corrections lie (GECCC, sentences of six words and more); shorter ones may lose three of their words, and change
 * in length by two.
 */
export function faultOf(
  said: string,
  { correctedText, mistakes, suggestion }: Correction,
  nativeLanguage: string,
): CorrectionFault | undefined {
  const [words, correctedWords] = [wordsOf(said), wordsOf(correctedText)]
  // A foreign word that was asked about stays.
  const addedWords = correctedWords.filter((word) => !words.includes(word))
  if (!isMostlyLatin(addedWords.join(' ')) || isForeignToCzech(addedWords)) return 'other-script'
  if (!keepsWords(words, correctedWords)) return 'other-words'
  if (!keepsLength(words.length, correctedWords.length)) return 'other-length'
  const explanations = [...mistakes.map(({ explanationNative }) => explanationNative), suggestion]
  return isInLanguage(explanations.join('\n'), nativeLanguage) ? undefined : 'explanation-language'
}

/** Of the words said, those that stay. */
const MIN_KEPT_SHARE = 0.38
/** Words of the corrected text for each word said. */
const MIN_LENGTH_RATIO = 0.67
const MAX_LENGTH_RATIO = 1.36
/** Below six words a share says little. */
const FEW_WORDS = 6
/** Words that any sentence may lose, and by which its length may change. */
const FREE_LOSSES = 3
const FREE_WORDS = 2

/** By the first three letters of each word: endings are what is corrected most. */
function keepsWords(said: readonly string[], correctedWords: readonly string[]): boolean {
  const lostCount = without(said.map(startOf), correctedWords.map(startOf)).length
  const keptCount = said.length - lostCount
  if (said.length >= FEW_WORDS) return keptCount >= MIN_KEPT_SHARE * said.length
  // Of three words none of which stays, the correction is another sentence.
  const isReplaced = said.length >= FREE_LOSSES && keptCount === 0
  return keptCount >= said.length - FREE_LOSSES && !isReplaced
}

function startOf(word: string): string {
  return withoutDiacritics(word).slice(0, 3)
}

function keepsLength(saidLength: number, correctedLength: number): boolean {
  const minLength = Math.min(saidLength * MIN_LENGTH_RATIO, saidLength - FREE_WORDS)
  const maxLength = Math.max(saidLength * MAX_LENGTH_RATIO, saidLength + FREE_WORDS)
  return correctedLength >= minLength && correctedLength <= maxLength
}

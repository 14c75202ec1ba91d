import { wordsOf } from '../../lib/domain/diff/words.ts'
import { faultOf } from '../../lib/domain/lesson/correction-check.ts'
import { isInLanguage } from '../../lib/domain/lesson/language-check.ts'
import type { Mistake } from '../../lib/domain/lesson/lesson.ts'
import { mistakesThatCount } from '../../lib/domain/lesson/mistakes.ts'
import { correctionsShownTo, SHOWN_MISTAKES } from '../../lib/domain/lesson/shown-edits.ts'
import { type CzechDictionary, inventedForms } from './czech-dictionary.ts'
import type { Setting } from './setting.ts'

/** The prompt asks for at most fifteen words of very simple Czech. */
const MAX_CZECH_EXPLANATION_WORDS = 15

/** The part of an answer that corrects; an annotator's has only the text. */
export type Correction = {
  correctedText: string
  mistakes: readonly Mistake[]
  suggestion: string
  doubtfulWords?: readonly string[] | undefined
}

/** What is wrong with a correction, apart from what it corrects. */
export type CorrectionCheck = {
  /** Outside of the guard's bounds: other words, another length, another script. */
  isUnusable: boolean
  /** The guard stops it, for its text or for its explanations: the tutor is asked once more. */
  isGuarded: boolean
  doubtful: number
  listed: number
  /** Listed mistakes that no edit backs. */
  unbacked: number
  isOverLimit: boolean
  /** More mistakes than the level shows are left when the unbacked ones are dropped. */
  isShownOverLimit: boolean
  /** Explanations in another language than the learner's. */
  wrongLanguage: number
  /** How many words each explanation has. */
  explanationWords: number[]
  longCzechExplanations: number
  /** Corrected words that no dictionary has; undefined without a dictionary. */
  inventedForms: string[] | undefined
}

/** Checks a correction of what was said by the product's own guard, and by the limits that the prompt sets. */
export function checkCorrection(
  { kind, level, corrections, native }: Setting,
  said: string,
  correction: Correction,
  dictionary: CzechDictionary | undefined,
): CorrectionCheck {
  const { correctedText, mistakes, doubtfulWords = [] } = correction
  const countedMistakes = mistakesThatCount(mistakes, { kind, said, correctedText })
  const mistakeLimit = SHOWN_MISTAKES[correctionsShownTo({ level, correctionsLevel: corrections })]
  const bareAnswer = { correctedText, mistakes: [], suggestion: '' }
  return {
    isUnusable: faultOf(said, bareAnswer, native) !== undefined,
    isGuarded: faultOf(said, correction, native) !== undefined,
    doubtful: doubtfulWords.length,
    listed: mistakes.length,
    unbacked: mistakes.length - countedMistakes.length,
    isOverLimit: mistakes.length > mistakeLimit,
    isShownOverLimit: countedMistakes.length > mistakeLimit,
    wrongLanguage: wrongLanguageIn(
      mistakes.map(({ explanationNative }) => explanationNative),
      native,
    ),
    explanationWords: mistakes.map(({ explanationNative }) => wordsOf(explanationNative).length),
    longCzechExplanations: mistakes.filter(
      ({ explanationCs }) => wordsOf(explanationCs).length > MAX_CZECH_EXPLANATION_WORDS,
    ).length,
    inventedForms: dictionary && inventedForms(dictionary, correctedText, said),
  }
}

/** Counts explanations in another language; at least one where only all of them together show it. */
function wrongLanguageIn(explanations: readonly string[], native: string): number {
  const wrongCount = explanations.filter((text) => !isInLanguage(text, native)).length
  return wrongCount === 0 && !isInLanguage(explanations.join('\n'), native) ? 1 : wrongCount
}

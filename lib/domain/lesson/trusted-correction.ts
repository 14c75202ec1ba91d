import type { Level } from '../learner/learner.ts'
import { keepAskedWords } from './asked-words.ts'
import type { CorrectionFault } from './correction-check.ts'
import { doubtfulIn, keepingDoubtful } from './doubtful-words.ts'
import type { LessonKind, Mistake } from './lesson.ts'
import { mistakesThatCount } from './mistakes.ts'
import { plainCorrection } from './plain-correction.ts'

/** The part of a tutor's answer that corrects. */
export type GivenCorrection = {
  correctedText: string
  mistakes: readonly Mistake[]
  suggestion: string
  doubtfulWords?: readonly string[] | undefined
  /** Why it is not to be believed, where the tutor was asked twice in vain. */
  fault?: CorrectionFault | undefined
}

export type TrustedCorrection = {
  correctedText: string
  mistakes: Mistake[]
  suggestion: string
  doubtfulWords: string[]
  /** False where nothing could be believed: then what was said stands as it was, without a mistake. */
  graded: boolean
}

/**
 * What a lesson believes of a correction: words that were asked about or probably misheard stay as they were said, and
 * only those mistakes count that an edit backs.
 *
 * `unsureWords` are those that the recogniser itself was not sure of.
 */
export function trustedCorrection(
  {
    kind,
    said,
    level,
    unsureWords = [],
  }: { kind: LessonKind; said: string; level: Level; unsureWords?: readonly string[] | undefined },
  answer: GivenCorrection,
): TrustedCorrection {
  const doubts = [...unsureWords, ...(answer.doubtfulWords ?? [])]
  const doubtfulWords = kind === 'voice' ? doubtfulIn(said, doubts) : []
  if (answer.fault !== undefined)
    return { correctedText: said, mistakes: [], suggestion: '', doubtfulWords, graded: false }
  const correctedText = keepingDoubtful(
    said,
    keepAskedWords(said, plainCorrection(said, answer.correctedText)),
    doubtfulWords,
  )
  const mistakes = mistakesThatCount(answer.mistakes, { kind, said, correctedText })
  return {
    correctedText,
    mistakes: level === 'first_steps' ? mistakes.slice(0, 1) : mistakes,
    suggestion: answer.suggestion,
    doubtfulWords,
    graded: true,
  }
}

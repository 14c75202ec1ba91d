import { wordsOf } from '../diff/words.ts'
import type { LessonKind, Mistake } from './lesson.ts'

/**
 * Those mistakes of the tutor's list that count: the learner made them, and where the learner spoke, a listener
 * can hear them. In the same order.
 */
export function mistakesThatCount(
  mistakes: readonly Mistake[],
  { kind, said, correctedText }: { kind: LessonKind; said: string; correctedText: string },
): Mistake[] {
  // Models sometimes list mistakes and then leave the text as it was.
  if (said === correctedText) return []
  const saidWords = new Set(wordsOf(said))
  return mistakes.filter(
    (mistake) => isMade(mistake, saidWords) && (kind === 'text' || isAudible(mistake)),
  )
}

/** Models sometimes quote words that were not said. A mistake without a quoted word is something that is missing. */
function isMade({ original }: Mistake, saidWords: ReadonlySet<string>): boolean {
  const words = wordsOf(original)
  return words.length === 0 || words.some((word) => saidWords.has(word))
}

/** Punctuation and capitals are the recogniser's: a speaker cannot have got them wrong. */
function isAudible(mistake: Mistake): boolean {
  return wordsOf(mistake.original).join(' ') !== wordsOf(mistake.corrected).join(' ')
}

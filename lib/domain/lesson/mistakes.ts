import { spokenEdits } from '../diff/spoken-edits.ts'
import { differsInDiacriticsAtMost } from '../diff/typed-edits.ts'
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
    (mistake) =>
      isMade(mistake, saidWords) &&
      (kind === 'text' ? !isOfDiacritics(mistake) : isAudible(mistake)),
  )
}

/** Models sometimes quote words that were not said. A mistake without a quoted word is something that is missing. */
function isMade({ original }: Mistake, saidWords: ReadonlySet<string>): boolean {
  const words = wordsOf(original)
  return words.length === 0 || words.some((word) => saidWords.has(word))
}

/** How a word is spelled, punctuation and capitals are the recogniser's: a speaker cannot have got them wrong. */
function isAudible({ original, corrected }: Mistake): boolean {
  return spokenEdits(original, corrected).length > 0
}

/** Diacritics are shown for the whole text at once, and cost nothing. */
function isOfDiacritics({ original, corrected }: Mistake): boolean {
  const isRespelled = wordsOf(original).join(' ') !== wordsOf(corrected).join(' ')
  return isRespelled && differsInDiacriticsAtMost(original, corrected)
}

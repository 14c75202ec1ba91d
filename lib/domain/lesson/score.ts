import { spokenEdits } from '../diff/spoken-edits.ts'
import { typedEdits } from '../diff/typed-edits.ts'
import { wordsOf } from '../diff/words.ts'
import type { LessonKind } from './lesson.ts'

/** How right an utterance was. */
export type Score = {
  /** 0 to 100, whole. */
  readonly score: number
  /** The words said and those that are missing. */
  readonly wordsTotal: number
  readonly wordsCorrect: number
}

/**
 * Scores what was said by the share of its words that were right; which score earns a star is in `learner/progress.ts`.
 *
 *     score = 100 * wordsCorrect / wordsTotal
 *
 * `wordsTotal` counts the words said and the words that are missing. Each word to be changed, left out or
 * added is one wrong word; words in the wrong order are one together. So of `Zítra jdu do škola s kamarád`
 * (6 words), which should be `Zítra jdu do školy s kamarádem`, 4 are right: 67.
 *
 * Of speech only what can be heard counts (`spokenEdits`), of a typed text neither punctuation, capitals nor
 * diacritics (`typedEdits`): 100 exactly where there is no such edit.
 * An empty utterance scores 0, unless the corrected text is empty, too.
 */
export function scoreOf(kind: LessonKind, said: string, correctedText: string): Score {
  const diff = kind === 'voice' ? spokenEdits : typedEdits
  const edits = diff(said, correctedText).map(({ kind, original, replacement }) => {
    // A word that moved is struck in one place and added in another: one wrong word, and none is missing.
    if (kind === 'moved-away') return { missingCount: 0, wrongCount: 0 }
    if (kind === 'moved-here') return { missingCount: 0, wrongCount: 1 }
    const [originalCount, replacementCount] = [
      wordsOf(original).length,
      wordsOf(replacement).length,
    ]
    return {
      missingCount: Math.max(0, replacementCount - originalCount),
      wrongCount: kind === 'move' ? 1 : Math.max(originalCount, replacementCount),
    }
  })
  const wordsTotal = edits.reduce(
    (count, { missingCount }) => count + missingCount,
    wordsOf(said).length,
  )
  const wordsCorrect = edits.reduce((count, { wrongCount }) => count - wrongCount, wordsTotal)
  if (edits.length === 0) return { score: 100, wordsTotal, wordsCorrect }
  // A single slip in a long speech would round to 100.
  const score = Math.min(99, Math.round((100 * wordsCorrect) / wordsTotal))
  return { score, wordsTotal, wordsCorrect }
}

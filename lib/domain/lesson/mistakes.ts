import { soundOf } from '../diff/sound.ts'
import { spellingOf } from '../diff/spelling.ts'
import { spokenEdits } from '../diff/spoken-edits.ts'
import { diffWords, type Edit } from '../diff/word-diff.ts'
import { tokensOf, wordsOf } from '../diff/words.ts'
import type { LessonKind, Mistake } from './lesson.ts'
import { without } from './multiset.ts'

/**
 * Those mistakes of the tutor's list that count: an edit from what was said to the corrected text backs them, and
 * where the learner spoke, a listener can hear it. In the same order.
 *
 * Models list mistakes that were not made, and ones that their own corrected text keeps.
 */
export function mistakesThatCount(
  mistakes: readonly Mistake[],
  { kind, said, correctedText }: { kind: LessonKind; said: string; correctedText: string },
): Mistake[] {
  const edits =
    kind === 'voice' ? spokenEdits(said, correctedText) : typedChanges(said, correctedText)
  const partsOf = kind === 'voice' ? soundsOf : markedTokensOf
  const struckParts = new Set(edits.flatMap(({ original }) => partsOf(original)))
  const addedParts = new Set(edits.flatMap(({ replacement }) => partsOf(replacement)))
  return mistakes.filter(({ original, corrected }) => {
    if (original === corrected) return false
    const [originalParts, correctedParts] = [partsOf(original), partsOf(corrected)]
    const [lostParts, newParts] = [
      without(originalParts, correctedParts),
      without(correctedParts, originalParts),
    ]
    // The same parts in another order are a move: struck in one place and added in another.
    if (lostParts.length + newParts.length === 0)
      return originalParts.some((part) => struckParts.has(part) && addedParts.has(part))
    // Another word in the same place is another correction than the text's.
    return isAmong(lostParts, struckParts) && isAmong(newParts, addedParts)
  })
}

/** Tells whether one of the parts is there, if there are any. */
function isAmong(parts: readonly string[], changedParts: ReadonlySet<string>): boolean {
  return parts.length === 0 || parts.some((part) => changedParts.has(part))
}

/** Diacritics are shown for the whole text at once, and cost nothing. */
function typedChanges(said: string, correctedText: string): Edit[] {
  return diffWords(said, correctedText).filter(
    ({ kind }) => kind !== 'typography' && kind !== 'diacritics',
  )
}

function soundsOf(text: string): string[] {
  return wordsOf(text).map(soundOf)
}

/** Words by their spelling, and punctuation and capitals, which are mistakes of a text that was typed. */
function markedTokensOf(text: string): string[] {
  return tokensOf(text).flatMap(({ text: token }) => [token, spellingOf(token)])
}

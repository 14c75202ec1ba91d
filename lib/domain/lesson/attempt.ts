import { soundOf } from '../diff/sound.ts'
import { withoutDiacritics } from '../diff/spelling.ts'
import { spokenEdits } from '../diff/spoken-edits.ts'
import { typedEdits } from '../diff/typed-edits.ts'
import { wordsOf } from '../diff/words.ts'
import type { LessonKind, Mistake } from './lesson.ts'

/** A star for putting right what was hinted at. */
export const STARS_PER_ATTEMPT = 1

/** A sentence that a learner tries to correct: what was said, and what it should become. */
export type TriedSentence = { said: string; correctedText: string }

/** How an attempt went; `closer`: less is wrong than there was. */
export type AttemptGrade = 'right' | 'closer' | 'wrong'

/** Tells whether at least half of a text's words are in a sentence, said or corrected: then it tries to put it right. */
export function isAttempt(text: string, { said, correctedText }: TriedSentence): boolean {
  const words = wordsOf(text).map(withoutDiacritics)
  const sentenceWords = new Set(
    [...wordsOf(said), ...wordsOf(correctedText)].map(withoutDiacritics),
  )
  return (
    words.length > 0 && words.filter((word) => sentenceWords.has(word)).length * 2 >= words.length
  )
}

/**
 * How right an attempt is: by voice neither punctuation nor capitals count, and typed no diacritics either. The part of the
 * sentence that has the hinted mistake's right words in it is as good as the whole.
 */
export function gradeAttempt(
  kind: LessonKind,
  text: string,
  { said, correctedText }: TriedSentence,
  mistake: Pick<Mistake, 'original' | 'corrected'> | undefined,
): AttemptGrade {
  const diff = kind === 'voice' ? spokenEdits : typedEdits
  const edits = diff(text, correctedText)
  if (edits.length === 0) return 'right'
  if (mistake !== undefined && isRightPart(kind, text, correctedText, mistake)) return 'right'
  return edits.length < diff(said, correctedText).length ? 'closer' : 'wrong'
}

function isRightPart(
  kind: LessonKind,
  text: string,
  correctedText: string,
  { original, corrected }: Pick<Mistake, 'original' | 'corrected'>,
): boolean {
  const formOf = kind === 'voice' ? soundOf : withoutDiacritics
  const formsOf = (words: string) => wordsOf(words).map(formOf)
  const [words, originalForms, correctedForms] = [
    formsOf(text),
    formsOf(original),
    formsOf(corrected),
  ]
  const newWords = correctedForms.filter((word) => !originalForms.includes(word))
  // The same words in another order are to be said in that order.
  const isMended =
    newWords.length > 0
      ? newWords.every((word) => words.includes(word))
      : holds(words, correctedForms)
  return words.length > 0 && isMended && holds(formsOf(correctedText), words)
}

/** Tells whether words stand in a text one behind the other. */
function holds(text: readonly string[], words: readonly string[]): boolean {
  return ` ${text.join(' ')} `.includes(` ${words.join(' ')} `)
}

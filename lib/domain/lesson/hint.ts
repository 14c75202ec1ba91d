import { withoutDiacritics } from '../diff/spelling.ts'
import { wordsOf } from '../diff/words.ts'
import type { Level } from '../learner/learner.ts'
import { isInLanguage } from './language-check.ts'
import type { Mistake, MistakeCategory } from './lesson.ts'
import { without } from './multiset.ts'

const GRAMMAR = [
  'case',
  'verb',
  'gender_number',
  'preposition',
  'word_order',
  'reflexive',
  'spelling',
] as const satisfies readonly MistakeCategory[]
/** The mistakes that a learner of a level can correct alone: a word that they do not know is found by no rule. */
const WITHIN_REACH: Readonly<Record<Level, readonly MistakeCategory[]>> = {
  first_steps: ['verb', 'gender_number', 'word_order'],
  beginner: GRAMMAR,
  intermediate: [...GRAMMAR, 'formality'],
  advanced: [...GRAMMAR, 'formality', 'vocabulary'],
  native: [...GRAMMAR, 'formality', 'vocabulary'],
}

/** A hint in characters: shorter ones say nothing, longer ones explain. */
const MIN_HINT_LENGTH = 8
const MAX_HINT_LENGTH = 180
/** More words than these are a phrase to be put otherwise, and no form to be found. */
const MAX_CHANGED_WORDS = 3

/** A lesson as far as a hint is about it. */
export type HintedLesson = {
  said: string
  correctedText: string
  /** Those that count, the most important first. */
  mistakes: readonly Mistake[]
  doubtfulWords: readonly string[]
}

/**
 * The tutor's hint at the most important mistake, in one line, if the learner may have it; empty where there is none.
 *
 * `mistake` is the one that the tutor has put first: where it does not count, the hint is about nothing. None is given on
 * doubtful words, beyond the learner's level, in another language, or where it gives away what is to be found.
 */
export function trustedHint(
  hint: string,
  mistake: Pick<Mistake, 'original' | 'corrected'> | undefined,
  lesson: HintedLesson,
  { level, nativeLanguage }: { level: Level; nativeLanguage: string },
): string {
  const line = hint.replace(/\s+/gu, ' ').trim()
  const [firstMistake] = lesson.mistakes
  if (firstMistake === undefined || mistake === undefined) return ''
  const isAboutFirst =
    firstMistake.original === mistake.original && firstMistake.corrected === mistake.corrected
  const { length } = [...line]
  return isAboutFirst &&
    isFindable(firstMistake, lesson, level) &&
    length >= MIN_HINT_LENGTH &&
    length <= MAX_HINT_LENGTH &&
    isInLanguage(withoutQuoted(line, lesson.said), nativeLanguage) &&
    !givesAway(line, firstMistake, lesson)
    ? line
    : ''
}

function isFindable(mistake: Mistake, { doubtfulWords }: HintedLesson, level: Level): boolean {
  const original = wordsOf(mistake.original)
  return (
    WITHIN_REACH[level].includes(mistake.category) &&
    without(wordsOf(mistake.corrected), original).length <= MAX_CHANGED_WORDS &&
    !original.some((word) => doubtfulWords.includes(word))
  )
}

/** The words of a hint that are not the learner's own: those tell nothing of its language. */
function withoutQuoted(hint: string, said: string): string {
  const ownWords = new Set(wordsOf(said))
  return wordsOf(hint)
    .filter((word) => !ownWords.has(word))
    .join(' ')
}

/** Words shorter than this are looked for as words alone: any text has their letters in it. */
const MIN_PART_LENGTH = 4

/** Tells whether a hint has a word in it that the correction adds, the end of one, or the whole corrected phrase. */
export function givesAway(
  hint: string,
  { original, corrected }: Pick<Mistake, 'original' | 'corrected'>,
  { said, correctedText }: Pick<HintedLesson, 'said' | 'correctedText'>,
): boolean {
  const lettersOf = (text: string) => wordsOf(text).map(withoutDiacritics)
  const answers = [
    ...without(lettersOf(correctedText), lettersOf(said)),
    ...without(lettersOf(corrected), lettersOf(original)),
  ]
  const hintWords = lettersOf(hint)
  // A word is given away, too, by its parts with a sign between them: "obchod-u", "obchod(u)".
  const letters = withoutDiacritics(hint).replace(/[^\p{L}\p{N}\s]/gu, '')
  const phrase = lettersOf(corrected)
  return (
    answers.some((word) => hintWords.includes(word)) ||
    answers.some((word) => word.length >= MIN_PART_LENGTH && letters.includes(word)) ||
    endingsIn(hint).some((ending) => answers.some((word) => word.endsWith(ending))) ||
    (phrase.length > 1 && ` ${hintWords.join(' ')} `.includes(` ${phrase.join(' ')} `))
  )
}

/** The endings that a text names with a dash before them: "-u", "–ovi". */
function endingsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\p{L}\p{N}])[-‐‑–—~…](\p{L}{1,5})(?!\p{L})/gu)].map(
    ([, ending = '']) => withoutDiacritics(ending),
  )
}

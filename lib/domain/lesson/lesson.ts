/** The nouns of a lesson. */

export type LessonKind = 'voice' | 'text'

export type Mistake = {
  original: string
  corrected: string
  category: MistakeCategory
  explanationCs: string
  explanationNative: string
}

export const MISTAKE_CATEGORIES = [
  'case',
  'verb',
  'gender_number',
  'preposition',
  'word_order',
  'vocabulary',
  'spelling',
  'reflexive',
  'formality',
  'other',
] as const

export type MistakeCategory = (typeof MISTAKE_CATEGORIES)[number]

export type NewWord = { czech: string; translation: string }

/** One earlier exchange, oldest first in a list. */
export type Turn = { said: string; reply: string }

/** An earlier lesson, with the categories of its mistakes. */
export type PastLesson = Turn & {
  mistakes: MistakeCategory[]
  /** The learner has begun no new conversation since. */
  isOfConversation: boolean
}

import type { MistakeCategory, PastLesson } from './lesson.ts'

/** What a question can make a learner use; spelling, single words and politeness are none of these. */
const PRACTISED = [
  'case',
  'verb',
  'gender_number',
  'preposition',
  'word_order',
  'reflexive',
] as const satisfies readonly MistakeCategory[]

export type Practice = (typeof PRACTISED)[number]

/** How often a mistake of a category is made before it is more than a slip. */
const MIN_MISTAKES = 3

/**
 * What is worth practising next: the category of most mistakes in the last lessons, oldest first, if there are three of it;
 * of equals the one that was made last.
 */
export function practiceAfter(
  lessons: readonly Pick<PastLesson, 'mistakes'>[],
): Practice | undefined {
  const categories = lessons.flatMap(({ mistakes }) => mistakes)
  const ranking = PRACTISED.map((category) => ({
    category,
    count: categories.filter((candidate) => candidate === category).length,
    lastAt: categories.lastIndexOf(category),
  })).sort((a, b) => b.count - a.count || b.lastAt - a.lastAt)
  const [topEntry] = ranking
  return topEntry !== undefined && topEntry.count >= MIN_MISTAKES ? topEntry.category : undefined
}

import { type Language, NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'

/** The languages that most learners speak: they are the first page, and the others follow. */
const PINNED = 7
const PER_PAGE = 8

/** The native languages as the keyboard pages through them. */
export const LANGUAGE_PAGES: readonly (readonly Language[])[] = [
  NATIVE_LANGUAGES.slice(0, PINNED),
  ...chunk(NATIVE_LANGUAGES.slice(PINNED), PER_PAGE),
]

/** Splits the items into chunks of a size, in order; the last may be smaller. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}

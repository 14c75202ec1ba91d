import { type Language, NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'

/** The first page has the languages that most learners speak, the others the rest. */
const PINNED = 7
const PER_PAGE = 8

/** The native languages as the keyboard pages through them. */
export const LANGUAGE_PAGES: readonly (readonly Language[])[] = [
  NATIVE_LANGUAGES.slice(0, PINNED),
  ...chunked(NATIVE_LANGUAGES.slice(PINNED), PER_PAGE),
]

/** The items in order, so many in each chunk; the last may have fewer. */
export function chunked<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, chunk) => items.slice(chunk * size, (chunk + 1) * size))
}

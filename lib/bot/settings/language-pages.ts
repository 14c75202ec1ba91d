import type { Language } from '../../domain/learner/languages.ts'
import { NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'
import { COMMON_LANGUAGES, languagesFor } from '../../domain/learner/neighbours.ts'

/** The first page is short: those who find theirs on it need no other. */
const ON_FIRST_PAGE = COMMON_LANGUAGES.length
const PER_PAGE = 8

/** How many pages there are, the same for the languages of all apps. */
export const PAGE_COUNT = 1 + Math.ceil((NATIVE_LANGUAGES.length - ON_FIRST_PAGE) / PER_PAGE)

/**
 * A page of the native languages, from 0, in the order for an app's language; no languages on one that does not
 * exist.
 */
export function languagePage(page: number, appLanguage: string | undefined): readonly Language[] {
  const languages = languagesFor(appLanguage)
  return (
    [languages.slice(0, ON_FIRST_PAGE), ...chunk(languages.slice(ON_FIRST_PAGE), PER_PAGE)][page] ??
    []
  )
}

/** Splits the items into chunks of a size, in order; the last may be smaller. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}

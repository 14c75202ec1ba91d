import type { Keyboard } from '../../app/telegram.ts'
import { findLanguage, NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'
import type { Press } from '../feature.ts'
import { buttonOf } from '../presses.ts'
import { chunk, languagePage, PAGE_COUNT } from './language-pages.ts'

/** Reads a native language's code. */
export function readNativeLanguage(value: string): string | undefined {
  return NATIVE_LANGUAGES.find(({ code }) => code === value)?.code
}

/** Reads the number of a page, from 0. */
export function readPage(value: string): number | undefined {
  const page = Number(value)
  const isPage = Number.isInteger(page) && page >= 0 && page < PAGE_COUNT
  return isPage && String(page) === value ? page : undefined
}

/** What its speakers call a native language. */
export function endonymOf(code: string): string {
  return findLanguage(code)?.endonym ?? code
}

/** The buttons of a keyboard of languages: those that choose one, and those that turn the page. */
export type LanguagePresses = {
  choose: Pick<Press<never, string>, 'name' | 'read'>
  turn: Pick<Press<never, number>, 'name' | 'read'>
}

/**
 * The native languages, two a row, in the order for an app's language, the chosen one with a mark; below them the pages
 * and the number of this one, from 1. `page` counts from 0, and one that does not exist has no languages.
 */
export function nativeLanguageKeyboard(
  page: number,
  appLanguage: string | undefined,
  { choose, turn }: LanguagePresses,
  chosenCode?: string,
): Keyboard {
  const languages = languagePage(page, appLanguage).map(({ code, endonym }) =>
    buttonOf(choose, code, code === chosenCode ? `✓ ${endonym}` : endonym),
  )
  const pagerButtons = [
    { label: '◀', target: page - 1 },
    { label: `${page + 1}/${PAGE_COUNT}`, target: page },
    { label: '▶', target: page + 1 },
  ]
    .filter(({ target }) => target >= 0 && target < PAGE_COUNT)
    .map(({ label, target }) => buttonOf(turn, target, label))
  return {
    inline_keyboard: [...chunk(languages, 2), pagerButtons].filter(({ length }) => length > 0),
  }
}

import type { Keyboard } from '../../app/telegram.ts'
import { LEVELS } from '../../domain/learner/learner.ts'
import { type InterfaceLanguage, text } from '../texts/texts.ts'
import { chunked, LANGUAGE_PAGES } from './language-pages.ts'
import { packPress } from './press.ts'

/** The native languages, two a row; `page` counts from 0, and one that does not exist has no languages. */
export function nativeLanguageKeyboard(page: number): Keyboard {
  const languages = (LANGUAGE_PAGES[page] ?? []).map(({ code, endonym }) => ({
    text: endonym,
    callback_data: packPress({ kind: 'native', code }),
  }))
  const turns = [
    { text: '◀', page: page - 1 },
    { text: '▶', page: page + 1 },
  ].filter((turn) => turn.page in LANGUAGE_PAGES)
  const pager = turns.map((turn) => ({
    text: turn.text,
    callback_data: packPress({ kind: 'native-page', page: turn.page }),
  }))
  return { inline_keyboard: [...chunked(languages, 2), pager].filter((row) => row.length > 0) }
}

/** The levels, one a row. */
export function levelKeyboard(language: InterfaceLanguage): Keyboard {
  return {
    inline_keyboard: LEVELS.map((level) => [
      {
        text: text(language, `level.${level}`),
        callback_data: packPress({ kind: 'level', level }),
      },
    ]),
  }
}

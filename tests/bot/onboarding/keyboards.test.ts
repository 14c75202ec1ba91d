import { describe, expect, it } from 'vitest'
import {
  LANGUAGE_PRESSES,
  nativeLanguagePress,
  nativePagePress,
} from '../../../lib/bot/onboarding/language.ts'
import { levelKeyboard } from '../../../lib/bot/onboarding/level.ts'
import { nativeLanguageKeyboard } from '../../../lib/bot/settings/native.ts'
import { NATIVE_LANGUAGES } from '../../../lib/domain/learner/languages.ts'
import { languagesFor } from '../../../lib/domain/learner/neighbours.ts'

function buttonsOf(page: number) {
  return nativeLanguageKeyboard(page, 'ru', LANGUAGE_PRESSES).inline_keyboard.flat()
}

function valueIn(data: string, { name }: { name: string }): string | undefined {
  return data.startsWith(`${name}:`) ? data.slice(name.length + 1) : undefined
}

/** The pages that a learner sees who presses ▶ as long as there is one. */
function pagesByPaging(): number[] {
  const pages = [0]
  for (;;) {
    const nextButton = buttonsOf(pages.at(-1) ?? 0).find((button) => button.text === '▶')
    const page = nativePagePress.read(
      valueIn(nextButton?.callback_data ?? '', nativePagePress) ?? '',
    )
    if (page === undefined || pages.includes(page)) return pages
    pages.push(page)
  }
}

describe('the keyboard of native languages', () => {
  it('the first page has the languages of most learners, two a row, and no way back', () => {
    expect(
      nativeLanguageKeyboard(0, undefined, LANGUAGE_PRESSES).inline_keyboard.map((row) =>
        row.map(({ text }) => text),
      ),
    ).toEqual([
      ['Русский', 'Українська'],
      ['English', 'Polski'],
      ['Slovenčina', 'Tiếng Việt'],
      ['Deutsch'],
      ['1/10', '▶'],
    ])
  })

  it.each([
    [
      'uk',
      ['Українська', 'Русский', 'Беларуская', 'Polski', 'English', 'Slovenčina', 'Tiếng Việt'],
    ],
    ['ru', ['Русский', 'Українська', 'Беларуская', 'Қазақша', 'English', 'Polski', 'Slovenčina']],
    [
      'be-BY',
      ['Беларуская', 'Русский', 'Українська', 'English', 'Polski', 'Slovenčina', 'Tiếng Việt'],
    ],
    ['vi', ['Tiếng Việt', '中文', 'ខ្មែរ', 'ລາວ', 'Русский', 'Українська', 'English']],
    ['cs', ['Slovenčina', 'Polski', 'Deutsch', 'Русский', 'Українська', 'English', 'Tiếng Việt']],
    ['nb', ['Norsk', 'Svenska', 'Dansk', 'Suomi', 'Русский', 'Українська', 'English']],
    ['xx', ['Русский', 'Українська', 'English', 'Polski', 'Slovenčina', 'Tiếng Việt', 'Deutsch']],
  ])('an app in %s has its own language first, then its neighbours', (appLanguage, endonyms) => {
    const labels = nativeLanguageKeyboard(0, appLanguage, LANGUAGE_PRESSES).inline_keyboard.flat()
    expect(labels.slice(0, 7).map(({ text }) => text)).toEqual(endonyms)
  })

  it('every native language is first in its own app, and every one is there in any app', () => {
    for (const { code } of NATIVE_LANGUAGES) {
      const languages = languagesFor(code)
      expect(languages[0]?.code).toBe(code)
      expect(languages).toHaveLength(NATIVE_LANGUAGES.length)
      expect(new Set(languages).size).toBe(NATIVE_LANGUAGES.length)
    }
  })

  it('paging reaches every language once', () => {
    const codes = pagesByPaging()
      .flatMap(buttonsOf)
      .flatMap((button) => valueIn(button.callback_data, nativeLanguagePress) ?? [])
    expect(codes).toEqual(languagesFor('ru').map(({ code }) => code))
    expect(codes.toSorted()).toEqual(NATIVE_LANGUAGES.map(({ code }) => code).sort())
  })

  it('the last page has a way back and no way on', () => {
    const pages = pagesByPaging()
    const lastPage = buttonsOf(pages.length - 1)
    expect(lastPage.some((button) => button.text === '▶')).toBe(false)
    expect(lastPage.find((button) => button.text === '◀')?.callback_data).toBe(
      `native-page:${pages.length - 2}`,
    )
  })

  it('the pages after the first have eight languages in rows of two', () => {
    const rows = nativeLanguageKeyboard(1, 'ru', LANGUAGE_PRESSES).inline_keyboard
    expect(rows.map((row) => row.length)).toEqual([2, 2, 2, 2, 3])
    expect(rows.at(-1)?.map(({ text }) => text)).toEqual(['◀', '2/10', '▶'])
  })

  it('every language button fits into 64 bytes', () => {
    const longLists = pagesByPaging()
      .flatMap(buttonsOf)
      .filter((button) => Buffer.byteLength(button.callback_data) > 64)
    expect(longLists).toEqual([])
  })
})

describe('the keyboard of levels', () => {
  it('the keyboard of levels has the five levels in the learner’s language', () => {
    expect(levelKeyboard('uk').inline_keyboard).toEqual([
      [{ text: 'Знаю перші слова · A0–A1', callback_data: 'level:first_steps' }],
      [{ text: 'Розмовляю простими фразами · A2', callback_data: 'level:beginner' }],
      [{ text: 'Порозуміюся майже всюди · B1', callback_data: 'level:intermediate' }],
      [{ text: 'Розмовляю вільно · B2', callback_data: 'level:advanced' }],
      [{ text: 'Розмовляю майже як чехи · C1', callback_data: 'level:native' }],
    ])
  })
})

import { expect, test } from 'vitest'
import { findLanguage, NATIVE_LANGUAGES } from '../../../lib/domain/learner/languages.ts'

test('the languages that most learners speak come first', () => {
  const codes = NATIVE_LANGUAGES.map(({ code }) => code)
  expect(codes.slice(0, 7)).toEqual(['ru', 'uk', 'en', 'pl', 'sk', 'vi', 'de'])
})

test('the other languages are in the order of their own names', () => {
  const names = NATIVE_LANGUAGES.slice(7).map(({ endonym }) => endonym)
  expect(names).toEqual(names.toSorted(new Intl.Collator('en').compare))
})

test('every language is listed once, by an ISO 639-1 code that its English name belongs to', () => {
  const english = new Intl.DisplayNames('en', { type: 'language' })
  const otherNames: Record<string, string> = {
    sl: 'Slovene',
    ky: 'Kyrgyz',
    bn: 'Bengali',
    tl: 'Tagalog',
  }
  for (const { code, english: name } of NATIVE_LANGUAGES) {
    expect(code).toMatch(/^[a-z]{2}$/)
    expect(name).toBe(otherNames[code] ?? english.of(code))
  }
  expect(new Set(NATIVE_LANGUAGES.map(({ code }) => code)).size).toBe(NATIVE_LANGUAGES.length)
  expect(new Set(NATIVE_LANGUAGES.map(({ endonym }) => endonym)).size).toBe(NATIVE_LANGUAGES.length)
})

test('Czech is no native language', () => {
  expect(findLanguage('cs')).toBeUndefined()
})

test.each([
  ['ru', 'ru'],
  ['PT-br', 'pt'],
  ['zh_Hans', 'zh'],
  ['nb', 'no'],
  ['fil', 'tl'],
  ['xx', undefined],
  ['constructor', undefined],
  ['', undefined],
])('the code %s finds %s', (code, language) => {
  expect(findLanguage(code)?.code).toBe(language)
})

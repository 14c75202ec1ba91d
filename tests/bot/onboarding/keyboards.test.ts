import { describe, expect, it } from 'vitest'
import { levelKeyboard, nativeLanguageKeyboard } from '../../../lib/bot/onboarding/keyboards.ts'
import { unpackPress } from '../../../lib/bot/onboarding/press.ts'
import { NATIVE_LANGUAGES } from '../../../lib/domain/learner/languages.ts'

function buttonsOf(page: number) {
  return nativeLanguageKeyboard(page).inline_keyboard.flat()
}

/** The pages that someone sees who presses ▶ as long as there is one. */
function pagesByTurning(): number[] {
  const pages = [0]
  for (;;) {
    const next = buttonsOf(pages.at(-1) ?? 0).find((button) => button.text === '▶')
    const press = next && unpackPress(next.callback_data)
    if (press?.kind !== 'native-page' || pages.includes(press.page)) return pages
    pages.push(press.page)
  }
}

describe('the keyboard of native languages', () => {
  it('begins with the languages of most learners, two a row, and no way back', () => {
    expect(
      nativeLanguageKeyboard(0).inline_keyboard.map((row) => row.map(({ text }) => text)),
    ).toEqual([
      ['Русский', 'Українська'],
      ['English', 'Polski'],
      ['Slovenčina', 'Tiếng Việt'],
      ['Deutsch'],
      ['▶'],
    ])
  })

  it('reaches every language by turning pages, each once', () => {
    const codes = pagesByTurning()
      .flatMap(buttonsOf)
      .map((button) => unpackPress(button.callback_data))
      .flatMap((press) => (press?.kind === 'native' ? [press.code] : []))
    expect(codes).toEqual(NATIVE_LANGUAGES.map(({ code }) => code))
  })

  it('turns back to the page before, and ends with no way on', () => {
    const pages = pagesByTurning()
    const last = buttonsOf(pages.length - 1)
    expect(last.some((button) => button.text === '▶')).toBe(false)
    expect(last.find((button) => button.text === '◀')?.callback_data).toBe(
      `native-page:${pages.length - 2}`,
    )
  })

  it('has eight languages a page after the first, in rows of two', () => {
    const rows = nativeLanguageKeyboard(1).inline_keyboard
    expect(rows.map((row) => row.length)).toEqual([2, 2, 2, 2, 2])
    expect(rows.at(-1)?.map(({ text }) => text)).toEqual(['◀', '▶'])
  })

  it('fits 64 bytes a button on every page', () => {
    const long = pagesByTurning()
      .flatMap(buttonsOf)
      .filter((button) => Buffer.byteLength(button.callback_data) > 64)
    expect(long).toEqual([])
  })
})

describe('the keyboard of levels', () => {
  it('has the four levels in the learner’s language', () => {
    expect(levelKeyboard('uk').inline_keyboard).toEqual([
      [{ text: 'Початковий · A2–B1', callback_data: 'level:beginner' }],
      [{ text: 'Середній · B1–B2', callback_data: 'level:intermediate' }],
      [{ text: 'Просунутий · B2–C1', callback_data: 'level:advanced' }],
      [{ text: 'Майже рідна мова · C2', callback_data: 'level:native' }],
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PRESSES } from '../../lib/bot/features.ts'
import { LANGUAGE_PAGES } from '../../lib/bot/onboarding/language-pages.ts'
import { readPress } from '../../lib/bot/presses.ts'
import { NATIVE_LANGUAGES } from '../../lib/domain/learner/languages.ts'
import { LEVELS } from '../../lib/domain/learner/learner.ts'

/** The callback data of every button that chats have, with the press and the value that it means. */
const BUTTONS: [data: string, name: string, value: unknown][] = [
  ...NATIVE_LANGUAGES.map(({ code }): [string, string, unknown] => [
    `native:${code}`,
    'native',
    code,
  ]),
  ...LANGUAGE_PAGES.map((_, page): [string, string, unknown] => [
    `native-page:${page}`,
    'native-page',
    page,
  ]),
  ...LEVELS.map((level): [string, string, unknown] => [`level:${level}`, 'level', level]),
]

describe('callback data', () => {
  it.each(BUTTONS)('%s is read as a press of %s with the value %j', (data, name, value) => {
    const button = readPress(PRESSES, data)
    expect([button?.press.name, button?.value]).toEqual([name, value])
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64)
  })

  it.each([
    '',
    ':',
    'native',
    'native:',
    'native:xx',
    'native:RU',
    'native:ru:ru',
    'native-page:',
    'native-page:-1',
    'native-page:01',
    'native-page:1.5',
    'native-page:length',
    `native-page:${LANGUAGE_PAGES.length}`,
    'level:',
    'level:expert',
    'level:toString',
    'constructor:ru',
    'onb_level:beginner',
  ])('%j is no button of ours', (data) => {
    expect(readPress(PRESSES, data)).toBeUndefined()
  })

  it('any callback data is read without throwing, and means only the button that it was made of', () => {
    const plausibleData = fc
      .tuple(fc.constantFrom(...PRESSES.map(({ name }) => name)), fc.string())
      .map(([name, value]) => `${name}:${value}`)
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), plausibleData), (data) => {
        const button = readPress(PRESSES, data)
        expect(button === undefined || `${button.press.name}:${button.value}` === data).toBe(true)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LANGUAGE_PAGES } from '../../../lib/bot/onboarding/language-pages.ts'
import { type Press, packPress, unpackPress } from '../../../lib/bot/onboarding/press.ts'
import { NATIVE_LANGUAGES } from '../../../lib/domain/learner/languages.ts'
import { LEVELS } from '../../../lib/domain/learner/learner.ts'

const presses: Press[] = [
  ...NATIVE_LANGUAGES.map(({ code }) => ({ kind: 'native' as const, code })),
  ...LANGUAGE_PAGES.map((_, page) => ({ kind: 'native-page' as const, page })),
  ...LEVELS.map((level) => ({ kind: 'level' as const, level })),
]

describe('callback data', () => {
  it.each(presses)('carries %o there and back in 64 bytes', (press) => {
    const data = packPress(press)
    expect(unpackPress(data)).toEqual(press)
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
    expect(unpackPress(data)).toBeUndefined()
  })

  it('is read without throwing whatever it is, and means only what packs to itself', () => {
    const prefixed = fc
      .tuple(fc.constantFrom('native', 'native-page', 'level'), fc.string())
      .map(([kind, value]) => `${kind}:${value}`)
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), prefixed), (data) => {
        const press = unpackPress(data)
        expect(press === undefined || packPress(press) === data).toBe(true)
      }),
    )
  })
})

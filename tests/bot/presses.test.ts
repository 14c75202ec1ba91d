import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PRESSES } from '../../lib/bot/features.ts'
import { readPress } from '../../lib/bot/presses.ts'
import { PAGE_COUNT } from '../../lib/bot/settings/language-pages.ts'
import { NATIVE_LANGUAGES } from '../../lib/domain/learner/languages.ts'
import { LEVELS } from '../../lib/domain/learner/learner.ts'
import { ZONES } from '../../lib/domain/learner/time-zones.ts'

/** The callback data of every button that chats have, with the press and the value that it means. */
const BUTTONS: [data: string, name: string, value: unknown][] = [
  ...NATIVE_LANGUAGES.map(({ code }): [string, string, unknown] => [
    `native:${code}`,
    'native',
    code,
  ]),
  ...Array.from({ length: PAGE_COUNT }, (_, page): [string, string, unknown] => [
    `native-page:${page}`,
    'native-page',
    page,
  ]),
  ...LEVELS.map((level): [string, string, unknown] => [`level:${level}`, 'level', level]),
  ['gender:feminine', 'gender', 'feminine'],
  ['gender:unsaid', 'gender', 'unsaid'],
  ['card:summary', 'card', 'summary'],
  ['card:native', 'card', 'native'],
  ['card:level', 'card', 'level'],
  ['card-native:uk', 'card-native', 'uk'],
  ['card-native-page:9', 'card-native-page', 9],
  ['card-level:native', 'card-level', 'native'],
  ['card-gender:masculine', 'card-gender', 'masculine'],
  ['card:corrections', 'card', 'corrections'],
  ['card:zone', 'card', 'zone'],
  ['card-language:follow', 'card-language', 'follow'],
  ['card-corrections:minimal', 'card-corrections', 'minimal'],
  ['card-answers:show', 'card-answers', 'show'],
  ['card-style:tutor', 'card-style', 'tutor'],
  ['card-character:honzik', 'card-character', 'honzik'],
  ['card-speed:very_slow', 'card-speed', 'very_slow'],
  ...ZONES.flatMap((zone): [string, string, unknown][] => [
    [`card-zone:${zone}`, 'card-zone', zone],
    [`card-zone-ask:${zone}`, 'card-zone-ask', zone],
  ]),
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
    `native-page:${PAGE_COUNT}`,
    'card:',
    'card:stars',
    'card-native:xx',
    'card-level:expert',
    'card:answers',
    'card-language:pl',
    'card-answers:hide',
    'card-speed:1.0',
    'card-zone:Europe/Praha',
    'card-zone:europe/prague',
    'card-zone-ask:',
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

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainCorrection } from '../../../lib/domain/lesson/plain-correction.ts'
import { czechText } from '../czech-texts.ts'

const SAID = 'Včera jsem byl v kino s Petr.'
const RIGHT = 'Včera jsem byl v kině s Petrem.'

test.each([
  ['bold words', 'Včera jsem byl v **kině** s __Petrem__.'],
  ['marks of code', 'Včera jsem byl v `kině` s Petrem.'],
  ['a label', `Správně: ${RIGHT}`],
  ['a label in Russian', `Исправлено: ${RIGHT}`],
  ['quotation marks around it', `„${RIGHT}“`],
  ['emoji', 'Včera jsem byl v kině 🎬 s Petrem 👬.'],
  ['an invisible space', 'Včera jsem byl v ki\u200bně s Petrem.'],
])('a correction loses %s', (_name, text) => {
  expect(plainCorrection(SAID, text)).toBe(RIGHT)
})

test('a correction in capitals gets the learner’s own', () => {
  const said = 'V Praze jsem byl v kino.'
  expect(plainCorrection(said, 'V PRAZE JSEM BYL V KINĚ.')).toBe('V Praze jsem byl v kině.')
})

test.each([
  ['Řekl *ano* 🙂', 'Řekl: *ano* 🙂'],
  ['„Ano,“ řekl. „Ne.“', '„Ano,“ řekl. „Ne.“'],
  ['JDU DOMU', 'JDU DOMŮ'],
  ['Správně: jdu domu', 'Správně: jdu domů'],
])('what the learner wrote so stays: %j', (said, corrected) => {
  expect(plainCorrection(said, corrected)).toBe(corrected)
})

test('a text that the learner had so stays as it is', () => {
  fc.assert(
    fc.property(czechText, (text) => {
      const plain = text.replace(/[\u200b\u200c\u2060\ufeff\u00ad]/gu, '').trim()
      expect(plainCorrection(plain, plain)).toBe(plain)
    }),
  )
})

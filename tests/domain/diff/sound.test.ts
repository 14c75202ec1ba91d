import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soundOf, soundSame } from '../../../lib/domain/diff/sound.ts'
import { anyText, czechText } from '../czech-texts.ts'

test.each([
  ['Holky byli doma.', 'Holky byly doma.'],
  ['si', 'jsi'],
  ['sem', 'jsem'],
  ['mě', 'mně'],
  ['zapoměl', 'zapomněl'],
  ['rozumněl', 'rozuměl'],
  ['z', 's'],
  ['bjehat', 'běhat'],
  ['vjec', 'věc'],
  ['mý kamarádi', 'mí kamarádi'],
  ['dúm', 'dům'],
  ['ůkol', 'úkol'],
  ['let', 'led'],
  ['plod', 'plot'],
  ['hat', 'had'],
  ['vúl', 'vůl'],
  ['kref', 'krev'],
  ['bůch', 'Bůh'],
  ['zpjevák', 'spěvák'],
  ['schledat', 'shledat'],
  ['fšechno', 'všechno'],
  ['gde', 'kde'],
  ['prozba', 'prosba'],
  ['méno', 'jméno'],
  ['du', 'jdu'],
  ['ďecký', 'dětský'],
  ['vječí', 'větší'],
  ['srce', 'srdce'],
  ['měkí', 'měkký'],
  ['Marija', 'Maria'],
  ['historije', 'historie'],
  ['turizmus', 'turismus'],
  ['exkurze', 'ekskurze'],
  ['na shledanou', 'nashledanou'],
  ['v pravo', 'vpravo'],
  ['wifi', 'vifi'],
])('%j sounds as %j', (a, b) => {
  expect([soundSame(a, b), soundSame(b, a)]).toEqual([true, true])
})

test.each([
  ['byt', 'být'],
  ['dal', 'dál'],
  ['pes', 'pás'],
  ['škola', 'školu'],
  ['kamarád', 'kamarádem'],
  ['do Praha', 'do Prahy'],
  ['rad', 'řad'],
  ['síra', 'sira'],
  ['ti', 'ty'],
  ['dívka', 'dýfka'],
  ['nyní', 'niní'],
  ['kosy', 'kozy'],
  ['pít', 'bít'],
  ['hora', 'chora'],
  ['byl', 'byla'],
  ['mám', 'mam'],
  ['rád', 'ráda'],
  ['velký', 'velká'],
  ['se mnou', 'ze mnou'],
  ['jít', 'ít'],
])('%j does not sound as %j', (a, b) => {
  expect(soundSame(a, b)).toBe(false)
})

const texts = fc.oneof(anyText, czechText)

test('whether two texts sound the same does not depend on which comes first', () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(soundSame(a, b)).toBe(soundSame(b, a))
    }),
  )
})

test('a text sounds as itself, with other capitals and punctuation, too', () => {
  fc.assert(
    fc.property(czechText, (text) => {
      expect(soundSame(text, `„${text.toLocaleUpperCase('cs')}!“`)).toBe(true)
    }),
  )
})

test('a word of another script has no Czech sound and stays as it is spelled', () => {
  expect(soundOf('Привет')).toBe('привет')
})

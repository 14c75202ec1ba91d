import { expect, test } from 'vitest'
import { changedWords } from '../../../lib/domain/diff/faithful.ts'

test.each([
  ['Dobrý den!', 'dobrý den'],
  ['Kolik je hodin? Je 15 hodin.', 'Kolik je hodin? Je patnáct hodin.'],
  ['Je patnáct hodin.', 'Je 15 hodin.'],
  [
    'Narodil jsem se v roce 1968 v Praze.',
    'Narodil jsem se v roce tisíc devět set šedesát osm v Praze.',
  ],
  ['Bez jediného slova navíc', 'Bez jediného slova na víc'],
  ['', ''],
])('"%s" read as "%s" is faithful', (text, transcript) => {
  expect(changedWords(text, transcript)).toBe(0)
})

test.each([
  ['Jak se máš?', 'Mám se dobře, a ty?', 4],
  ['Jak se máš?', 'Jak se máte?', 1],
  ['Jdu do kina.', 'Jasně! Jdu do kina.', 1],
  ['Jdu dnes do kina.', 'Jdu do kina.', 1],
  ['Jdu do kina.', '', 3],
  ['Stojí to 15 korun.', 'Stojí to patnáct eur.', 1],
])('"%s" read as "%s" changes %d words', (text, transcript, count) => {
  expect(changedWords(text, transcript)).toBe(count)
})

test('a model that goes on and on has changed all its words, and is not compared word by word', () => {
  expect(changedWords('Jdu do kina.', 'a pak '.repeat(100_000))).toBe(200_000)
})

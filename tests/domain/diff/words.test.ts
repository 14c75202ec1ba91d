import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWord, textOf, tokensOf, wordsOf } from '../../../lib/domain/diff/words.ts'
import { anyText } from '../czech-texts.ts'

const texts = (text: string) => tokensOf(text).map((token) => token.text)

test.each([
  ['Dobrý den, jak se máš?', ['dobrý', 'den', 'jak', 'se', 'máš']],
  ['ČEŠTINA je Těžká…', ['čeština', 'je', 'těžká']],
  ['v roce 2007', ['v', 'roce', '2007']],
  ['e-mail', ['e', 'mail']],
  ['„Ne!“ 🙂 \n', ['ne']],
  ['', []],
])('the words heard in %j are %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})

test('a letter typed with a separate accent is heard as the same letter', () => {
  expect(wordsOf('kůň'.normalize('NFD'))).toEqual(['kůň'])
})

test('every character of punctuation is a token, a word stays whole', () => {
  expect(texts('Ano... „Dobrý den!“')).toEqual([
    'Ano',
    '.',
    '.',
    '.',
    '„',
    'Dobrý',
    'den',
    '!',
    '“',
  ])
})

test('a text is its tokens with the white space between them', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const tokens = tokensOf(text)
      const ends = [0, ...tokens.map(({ to }) => to)]
      const starts = [...tokens.map(({ from }) => from), text.length]
      const gaps = starts.map((start, index) => text.slice(ends[index], start))
      expect(gaps.join('')).toMatch(/^[\s\p{Cf}]*$/u)
      const rebuiltText = gaps.map((gap, index) => gap + (tokens[index]?.text ?? '')).join('')
      expect(rebuiltText).toBe(text)
    }),
  )
})

test('the text of no tokens is empty, of some it keeps the white space between', () => {
  const text = ' Jak  se máš? '
  const tokens = tokensOf(text)
  expect(textOf(text, tokens, [1, 1])).toBe('')
  expect(textOf(text, tokens, [0, 2])).toBe('Jak  se')
})

test('symbols and lone surrogates are not words', () => {
  expect(['?', '🙂', '\ud800', '\u0301'].filter(isWord)).toEqual([])
})

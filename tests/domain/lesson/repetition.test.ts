import { expect, test } from 'vitest'
import { isRepeated } from '../../../lib/domain/lesson/repetition.ts'

const LESSONS = ['Dobrý den!', 'Jdu do obchodu, a pak domů.'].map((said) => ({ said }))

test.each([
  ['the very words', 'Jdu do obchodu, a pak domů.', true],
  ['the same without capitals and punctuation', 'jdu do obchodu a pak domů', true],
  ['the same with one word more', 'Jdu do obchodu, a pak hned domů.', false],
  ['the same without accents', 'Jdu do obchodu, a pak domu.', false],
  ['a part of it', 'Jdu do obchodu.', false],
])('of earlier lessons, %s: repeated or not', (_name, said, expected) => {
  expect(isRepeated(said, LESSONS)).toBe(expected)
})

test('what is said in a first lesson repeats nothing', () => {
  expect(isRepeated('Dobrý den!', [])).toBe(false)
})

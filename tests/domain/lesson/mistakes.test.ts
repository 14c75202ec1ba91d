import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import type { Mistake } from '../../../lib/domain/lesson/lesson.ts'
import { mistakesThatCount } from '../../../lib/domain/lesson/mistakes.ts'
import { anyText, czechText, czechWord } from '../czech-texts.ts'

const mistakeOf = (original: string, correction: string): Mistake => ({
  original,
  corrected: correction,
  category: 'other',
  explanationCs: '',
  explanationNative: '',
})

test.each([
  { original: 'škola', corrected: 'školy', voice: true, text: true },
  // Tutors quote more words than the wrong one.
  { original: 'do škola', corrected: 'do školy', voice: true, text: true },
  { original: 'do obchod', corrected: 'do obchodu', voice: false, text: false },
  { original: 'obchod', corrected: 'obchodu', voice: false, text: false },
  { original: 'ŠKOLA!', corrected: 'školy', voice: true, text: true },
  { original: 'jdu', corrected: 'Jdu', voice: false, text: true },
  { original: 'jdu,', corrected: 'jdu', voice: false, text: false },
  { original: '', corrected: '.', voice: false, text: true },
  { original: '', corrected: 'se', voice: false, text: false },
])('of "jdu do škola", $original for $corrected counts: $voice as voice, $text as text', (row) => {
  const lesson = { said: 'jdu do škola', correctedText: 'Jdu do školy.' }
  const mistakes = [mistakeOf(row.original, row.corrected)]
  const counts = (kind: 'voice' | 'text') => mistakesThatCount(mistakes, { kind, ...lesson })
  expect(counts('voice')).toEqual(row.voice ? mistakes : [])
  expect(counts('text')).toEqual(row.text ? mistakes : [])
})

test('a text that the tutor leaves as it was has no mistakes', () => {
  const lesson = { kind: 'text', said: 'jdu do škola', correctedText: 'jdu do škola' } as const
  expect(mistakesThatCount([mistakeOf('škola', 'školy')], lesson)).toEqual([])
})

const words = fc.oneof(anyText, czechWord, czechText)
const lists = fc.array(fc.tuple(words, words).map((pair) => mistakeOf(...pair)))

test('the mistakes that count are listed ones, in their order', () => {
  fc.assert(
    fc.property(lists, words, words, (mistakes, said, correctedText) => {
      for (const kind of ['text', 'voice'] as const) {
        const countedMistakes = mistakesThatCount(mistakes, { kind, said, correctedText })
        expect(countedMistakes).toEqual(
          mistakes.filter((mistake) => countedMistakes.includes(mistake)),
        )
      }
    }),
  )
})

test('where a listener hears no difference, no mistake of a speaker counts', () => {
  fc.assert(
    fc.property(lists, words, words, (mistakes, said, correctedText) => {
      fc.pre(spokenEdits(said, correctedText).length === 0)
      expect(mistakesThatCount(mistakes, { kind: 'voice', said, correctedText })).toEqual([])
    }),
  )
})

test('every edit, listed as it is, counts', () => {
  fc.assert(
    fc.property(czechText, czechText, (said, correctedText) => {
      const mistakes = spokenEdits(said, correctedText).map((edit) =>
        mistakeOf(edit.original, edit.replacement),
      )
      expect(mistakesThatCount(mistakes, { kind: 'voice', said, correctedText })).toEqual(mistakes)
    }),
  )
})

test('a mistake that the corrected text keeps does not count', () => {
  const lesson = {
    kind: 'voice',
    said: 'Včera jsem šel domu',
    correctedText: 'Včera jsem šel domů.',
  } as const
  expect(mistakesThatCount([mistakeOf('jsem šel', 'šel jsem')], lesson)).toEqual([])
})

test('a mistake whose words do not change does not count, though they were moved', () => {
  const lesson = {
    kind: 'voice',
    said: 'nemohla jsem mít',
    correctedText: 'jsem nemohla mít',
  } as const
  expect(mistakesThatCount([mistakeOf('jsem', 'jsem')], lesson)).toEqual([])
})

test('a mistake with another word than the corrected text has there does not count', () => {
  const lesson = { kind: 'voice', said: 'jdu do škola', correctedText: 'jdu do školy' } as const
  const mistakes = [mistakeOf('do škola', 'do práce'), mistakeOf('škola', 'školy')]
  expect(mistakesThatCount(mistakes, lesson)).toEqual(mistakes.slice(1))
})

test('words in another order count where they were moved', () => {
  const lesson = {
    kind: 'voice',
    said: 'nemohla jsem mít',
    correctedText: 'jsem nemohla mít',
  } as const
  const mistakes = [mistakeOf('nemohla jsem', 'jsem nemohla')]
  expect(mistakesThatCount(mistakes, lesson)).toEqual(mistakes)
})

test.each([
  ['byli', 'byly', { voice: false, text: true }],
  ['mám', 'mam', { voice: true, text: false }],
  ['Já já', 'Já', { voice: false, text: true }],
  ['20', 'dvacet', { voice: false, text: true }],
])('%j for %j counts as %j', (original, corrected, counts) => {
  const mistakes = [mistakeOf(original, corrected)]
  const lesson = { said: `${original} doma`, correctedText: `${corrected} doma` }
  const isCounted = (kind: 'voice' | 'text') =>
    mistakesThatCount(mistakes, { kind, ...lesson }).length > 0
  expect({ voice: isCounted('voice'), text: isCounted('text') }).toEqual(counts)
})

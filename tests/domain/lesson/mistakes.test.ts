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
  // One of its words was said: tutors quote more words than the wrong one.
  { original: 'do škola', corrected: 'do školy', voice: true, text: true },
  { original: 'do obchod', corrected: 'do obchodu', voice: true, text: true },
  { original: 'obchod', corrected: 'obchodu', voice: false, text: false },
  { original: 'ŠKOLA!', corrected: 'školy', voice: true, text: true },
  { original: 'jdu', corrected: 'Jdu', voice: false, text: true },
  { original: 'jdu,', corrected: 'jdu', voice: false, text: true },
  { original: '', corrected: '.', voice: false, text: true },
  { original: '', corrected: 'se', voice: true, text: true },
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

test('the mistakes that count are listed ones in their order, and those of speech can be heard', () => {
  fc.assert(
    fc.property(lists, words, words, (mistakes, said, correctedText) => {
      const ofText = mistakesThatCount(mistakes, { kind: 'text', said, correctedText })
      const ofVoice = mistakesThatCount(mistakes, { kind: 'voice', said, correctedText })
      expect(ofText).toEqual(mistakes.filter((mistake) => ofText.includes(mistake)))
      expect(ofVoice).toEqual(mistakes.filter((mistake) => ofVoice.includes(mistake)))
      const isHeard = ({ original, corrected }: Mistake) =>
        spokenEdits(original, corrected).length > 0
      expect(ofVoice.every(isHeard)).toBe(true)
      expect(ofVoice).toEqual(expect.arrayContaining(ofText.filter(isHeard)))
    }),
  )
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

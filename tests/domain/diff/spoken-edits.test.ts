import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import { soundSame } from '../../../lib/domain/diff/words.ts'
import { applyEdits } from '../../../scripts/eval/apply-edits.ts'
import { anyText, czechText } from '../czech-texts.ts'

const pairs = fc.oneof(fc.tuple(anyText, anyText), fc.tuple(czechText, czechText))

const marksOf = (said: string, correction: string) =>
  spokenEdits(said, correction).map(({ original, replacement }) => `${original} -> ${replacement}`)

test('punctuation, capitals and white space are no spoken edits', () => {
  expect(spokenEdits('ahoj  jak se máš na shledanou', 'Ahoj, jak se máš? Nashledanou!')).toEqual([])
})

test('a spoken edit beside missing punctuation holds the words alone', () => {
  expect(marksOf('vim že jdeš do škola', 'Vím, že jdeš do školy.')).toEqual([
    'vim -> Vím',
    'škola -> školy',
  ])
})

test('a spoken edit counts the tokens of what was said, punctuation among them', () => {
  expect(spokenEdits('Ano, jdu do škola.', 'Ano, jdu do školy!')).toEqual([
    {
      kind: 'replace',
      start: 4,
      end: 5,
      original: 'škola',
      replacement: 'školy',
      patch: { from: 12, to: 17, text: 'školy' },
    },
  ])
})

test('spoken edits applied keep the punctuation of what was said', () => {
  const [said, correction] = ['Ano, jdu škola. Já ten vlak!', 'ano jdu do školy já vlak']
  expect(applyEdits(said, spokenEdits(said, correction))).toBe('Ano, jdu do školy. Já vlak!')
})

test('spoken edits applied give the words of the corrected text, for any two texts', () => {
  fc.assert(
    fc.property(pairs, ([said, correction]) => {
      const words = applyEdits(said, spokenEdits(said, correction))
      expect(soundSame(words, correction)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('there are no spoken edits exactly where two texts sound the same', () => {
  fc.assert(
    fc.property(pairs, ([said, correction]) => {
      expect(spokenEdits(said, correction).length === 0).toBe(soundSame(said, correction))
    }),
  )
})

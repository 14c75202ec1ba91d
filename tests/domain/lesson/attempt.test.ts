import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wordsOf } from '../../../lib/domain/diff/words.ts'
import { gradeAttempt, isAttempt } from '../../../lib/domain/lesson/attempt.ts'
import type { LessonKind } from '../../../lib/domain/lesson/lesson.ts'

const SENTENCE = {
  said: 'Včera jsem šel do obchod a koupil jsem chleba.',
  correctedText: 'Včera jsem šel do obchodu a koupil jsem chleba.',
}
const MISTAKE = { original: 'do obchod', corrected: 'do obchodu' }
const KINDS: readonly LessonKind[] = ['voice', 'text']

const gradeOf = (text: string, kind: LessonKind = 'text', sentence = SENTENCE) =>
  gradeAttempt(kind, text, sentence, MISTAKE)

describe('an attempt', () => {
  test.each([
    ['Včera jsem šel do obchodu.', true],
    ['do obchodu', true],
    ['DO OBCHODE', true],
    ['vcera jsem byl doma', true],
    ['Dneska svítí slunce.', false],
    ['Mám rád chleba a sýr a víno.', false],
    ['👍', false],
    ['', false],
  ])('%j shares half of its words with the sentence: %s', (text, is) => {
    expect(isAttempt(text, SENTENCE)).toBe(is)
  })

  test('the sentence itself, said or corrected, is an attempt in any order of its words', () => {
    const words = wordsOf(`${SENTENCE.said} ${SENTENCE.correctedText}`)
    fc.assert(
      fc.property(fc.shuffledSubarray(words, { minLength: 1 }), (some) => {
        expect(isAttempt(some.join(' '), SENTENCE)).toBe(true)
      }),
    )
  })
})

describe('the grade of an attempt', () => {
  test.each(KINDS)(
    'the corrected sentence is right by %s, whatever its punctuation and capitals',
    (kind) => {
      expect(gradeOf(SENTENCE.correctedText, kind)).toBe('right')
      expect(gradeOf('VČERA, jsem šel do obchodu – a koupil jsem chleba!', kind)).toBe('right')
    },
  )

  test('typed without diacritics it is right', () => {
    expect(gradeOf('vcera jsem sel do obchodu a koupil jsem chleba')).toBe('right')
  })

  test.each(KINDS)('what was said first is wrong by %s', (kind) => {
    expect(gradeOf(SENTENCE.said, kind)).toBe('wrong')
  })

  test.each([
    ['do obchodu', 'right'],
    ['obchodu', 'right'],
    ['Šel do obchodu.', 'right'],
    ['do', 'wrong'],
    ['koupil jsem chleba', 'wrong'],
    ['do obchodě', 'wrong'],
    ['z obchodu', 'wrong'],
  ])('of the part %j it is %s', (part, grade) => {
    expect(gradeOf(part)).toBe(grade)
  })

  test('an attempt that corrects one mistake of two is closer', () => {
    const sentence = { said: 'Jdu do škola s kamarád.', correctedText: 'Jdu do školy s kamarádem.' }
    expect(gradeOf('Jdu do školy s kamarád.', 'text', sentence)).toBe('closer')
    expect(gradeOf('Jdu do škole s kamarád.', 'text', sentence)).toBe('wrong')
  })

  test('it is right by any corrected text exactly where nothing differs from it', () => {
    const text = fc.array(fc.constantFrom('já', 'jsem', 'doma', 'do', 'školy', 'včera'), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(text, text, fc.constantFrom(...KINDS), (said, corrected, kind) => {
        const sentence = { said: said.join(' '), correctedText: corrected.join(' ') }
        expect(gradeAttempt(kind, sentence.correctedText, sentence, undefined)).toBe('right')
        if (said.join(' ') !== corrected.join(' '))
          expect(gradeAttempt(kind, sentence.said, sentence, undefined)).not.toBe('closer')
      }),
    )
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MISTAKE_CATEGORIES, type MistakeCategory } from '../../../lib/domain/lesson/lesson.ts'
import { practiceAfter } from '../../../lib/domain/lesson/practice.ts'

const after = (...lessons: MistakeCategory[][]) =>
  practiceAfter(lessons.map((mistakes) => ({ mistakes })))

test('what is practised next is what went wrong most, from three times on', () => {
  expect(after()).toBeUndefined()
  expect(after(['case'], ['case'])).toBeUndefined()
  expect(after(['case'], ['case', 'verb'], ['case'])).toBe('case')
  expect(after(['case', 'case', 'case'], ['verb', 'verb', 'verb'])).toBe('verb')
  expect(after(['spelling', 'spelling', 'spelling'], ['vocabulary'], ['other'])).toBeUndefined()
})

test('no category has more mistakes than the one that is practised, of those that a question can practise', () => {
  const lesson = fc.array(fc.constantFrom(...MISTAKE_CATEGORIES), { maxLength: 5 })
  fc.assert(
    fc.property(fc.array(lesson, { maxLength: 20 }), (lessons) => {
      const practice = after(...lessons)
      if (practice === undefined) return
      const countOf = (category: MistakeCategory) =>
        lessons.flat().filter((other) => other === category).length
      expect(countOf(practice)).toBeGreaterThanOrEqual(3)
      for (const category of ['case', 'verb', 'preposition', 'reflexive'] as const)
        expect(countOf(category)).toBeLessThanOrEqual(countOf(practice))
    }),
  )
})

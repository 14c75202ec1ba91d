import { describe, expect, test } from 'vitest'
import { LEVELS } from '../../../lib/domain/learner/learner.ts'
import { faultOf } from '../../../lib/domain/lesson/correction-check.ts'
import { MISTAKE_CATEGORIES } from '../../../lib/domain/lesson/lesson.ts'
import { trustedCorrection } from '../../../lib/domain/lesson/trusted-correction.ts'
import { type Answer, answerTo, isKnown } from '../../../scripts/studio/openai/answers.ts'
import { RULES } from '../../../scripts/studio/openai/tutor/rules.ts'
import { SENTENCES } from '../../../scripts/studio/openai/tutor/sentences.ts'
import { TOPICS } from '../../../scripts/studio/openai/tutor/topics.ts'

const NATIVE = { ru: 'Russian', uk: 'Ukrainian', en: 'English', cs: 'Czech' }

function correctionIn({ corrected_text, mistakes, suggestion }: Answer) {
  return {
    correctedText: corrected_text,
    suggestion,
    mistakes: mistakes.map((mistake) => ({
      original: mistake.original,
      corrected: mistake.corrected,
      category: mistake.category as (typeof MISTAKE_CATEGORIES)[number],
      explanationCs: mistake.explanation_cs,
      explanationNative: mistake.explanation_native,
    })),
  }
}

describe.each(Object.entries(NATIVE))('explained in %s', (code, name) => {
  test(`a lesson in ${name} believes every correction of a sentence that the imitated tutor knows`, () => {
    const unbelieved = SENTENCES.filter(({ said, level, mistakes }) => {
      const correction = correctionIn(answerTo(said, `Native language: ${name}`, 'ungraded'))
      const { graded, ...trusted } = trustedCorrection(
        { kind: 'text', said, level },
        { ...correction, fault: faultOf(said, correction, code) },
      )
      const shownCount = level === 'first_steps' ? Math.min(1, mistakes.length) : mistakes.length
      return !graded || trusted.mistakes.length !== shownCount
    })
    expect(unbelieved).toEqual([])
  })

  test(`no lesson in ${name} believes the imitated tutor about a sentence that it does not know`, () => {
    const unknownSentences = ['qwertz ???', 'Ano.', 'Mám dva psy.', 'Byl jsem včera na koncertě.']
    const faults = unknownSentences.map((said) =>
      faultOf(said, correctionIn(answerTo(said, `Native language: ${name}`, 'ungraded')), code),
    )
    expect(faults).not.toContain(undefined)
  })
})

test('every sentence known by heart is right once it is corrected, and the imitated tutor then knows it', () => {
  const corrected = SENTENCES.map(
    ({ said }) => answerTo(said, 'Native language: English').corrected_text,
  )
  const answers = corrected.map((text) => answerTo(text, 'Native language: English', 'ungraded'))
  expect(answers.map(({ corrected_text: text }) => text)).toEqual(corrected)
  expect(answers.flatMap(({ mistakes }) => mistakes)).toEqual([])
  expect(corrected.filter((text) => !isKnown(text))).toEqual([])
})

test('the sentences known by heart are at least 60, of every kind of mistake and every level, right ones among them', () => {
  const categories = SENTENCES.flatMap(({ mistakes }) =>
    mistakes.map(([, , rule]) => RULES[rule].category),
  )
  expect(SENTENCES.length).toBeGreaterThanOrEqual(60)
  expect(new Set(categories)).toEqual(new Set(MISTAKE_CATEGORIES))
  expect(new Set(SENTENCES.map(({ level }) => level))).toEqual(new Set(LEVELS))
  expect(SENTENCES.filter(({ mistakes }) => mistakes.length === 0).length).toBeGreaterThan(5)
  expect(new Set(SENTENCES.map(({ said }) => said)).size).toBe(SENTENCES.length)
})

test('every rule and every topic of the imitated tutor has its sentence', () => {
  const rules = SENTENCES.flatMap(({ mistakes }) => mistakes.map(([, , rule]) => rule))
  expect(new Set(rules)).toEqual(new Set(Object.keys(RULES)))
  expect(new Set(SENTENCES.map(({ topic }) => topic))).toEqual(new Set(Object.keys(TOPICS)))
})

test('a mistake that cannot be heard costs nothing where its sentence is spoken', () => {
  const said = 'Holky byli včera v kině.'
  const correction = correctionIn(answerTo(said, 'Native language: English'))
  const mistakesIn = (kind: 'voice' | 'text') =>
    trustedCorrection({ kind, said, level: 'advanced' }, correction).mistakes.length
  expect([mistakesIn('text'), mistakesIn('voice')]).toEqual([1, 0])
})

test('every reply of the imitated tutor asks one question', () => {
  const replies = Object.values(TOPICS).flatMap(({ reply }) => [reply.honzik, reply.novakova])
  expect(replies.filter((reply) => reply.split('?').length !== 2 || !reply.endsWith('?'))).toEqual(
    [],
  )
})

import { expect, test } from 'vitest'
import { compareRecords, comparisonText } from '../../../scripts/eval/compare.ts'
import { recordedOf, sentenceOf } from './recorded-answers.ts'

const SCHOOL = sentenceOf('Zítra jdu do škola.', 'Zítra jdu do školy.')
const CINEMA = sentenceOf('Byl jsem v kino.', 'Byl jsem v kině.')
const CLEAN = sentenceOf('Včera jsem šel do kina.', 'Včera jsem šel do kina.')

test('a comparison finds each flip between answers to the same sentence, and how likely it is', () => {
  const before = [
    recordedOf(SCHOOL, 'Zítra jdu do školy.'),
    recordedOf(CINEMA, CINEMA.input),
    recordedOf(CLEAN, CLEAN.input),
  ]
  const after = [
    recordedOf(CLEAN, 'Včera jsem šel do divadla.', {}, { prompt: 'other' }),
    recordedOf(SCHOOL, SCHOOL.input, {}, { prompt: 'other' }),
    recordedOf(CINEMA, 'Byl jsem v kinech.', {}, { prompt: 'other' }),
  ]
  const comparison = compareRecords(before, after)
  expect(comparison).toMatchObject({
    pairs: 3,
    errors: { pairs: 2, better: 1, worse: 1, p: 1 },
    alarms: { pairs: 1, better: 0, worse: 1, p: 1 },
  })
  expect(comparison.flips.map(({ change, error }) => [change, error])).toEqual([
    ['found -> missed', 'škola -> školy'],
    ['missed -> found', 'kino -> kině'],
    ['quiet -> alarm', undefined],
  ])
  expect(comparisonText(comparison)).toContain('  second  Včera jsem šel do divadla.')
})

test('a record compared with itself has no flip', () => {
  const record = [recordedOf(SCHOOL, 'Zítra jdu do školy.'), recordedOf(CLEAN, CLEAN.input)]
  expect(compareRecords(record, record)).toMatchObject({ pairs: 2, flips: [], errors: { p: 1 } })
})

test('a p that rounds to nothing is shown as less than what can be shown', () => {
  const sentences = Array.from({ length: 20 }, (_, index) =>
    sentenceOf(`Zítra ${index} jdu do škola.`, `Zítra ${index} jdu do školy.`),
  )
  const before = sentences.map((sentence) => recordedOf(sentence, sentence.input))
  const after = sentences.map((sentence) => recordedOf(sentence, sentence.gold[0] ?? ''))
  expect(comparisonText(compareRecords(before, after))).toMatch(/20 +20 +0 +p < 0\.0001$/m)
})

test('answers of another run or sentence make no pair, and records of other settings do', () => {
  const before = [recordedOf(SCHOOL, 'Zítra jdu do školy.')]
  const pairsWith = (fields: object) =>
    compareRecords(before, [recordedOf(SCHOOL, SCHOOL.input, {}, fields)]).pairs
  expect(pairsWith({ run: 2 })).toBe(0)
  expect(pairsWith({ corrections: 'detailed' })).toBe(1)
  expect(compareRecords(before, [recordedOf(CLEAN, CLEAN.input)]).pairs).toBe(0)
})

test('a declined answer makes no pair', () => {
  const declined = { ...recordedOf(SCHOOL, SCHOOL.input), answer: null }
  expect(compareRecords([declined], [recordedOf(SCHOOL, SCHOOL.input)]).pairs).toBe(0)
})

import { expect, test } from 'vitest'
import { trustedCorrection } from '../../../lib/domain/lesson/trusted-correction.ts'

const MISTAKE = {
  original: 'kinka',
  corrected: 'kina',
  category: 'case',
  explanationCs: '',
  explanationNative: '',
} as const
const SAID = 'Jdu do kinka.'
const ANSWER = { correctedText: 'Jdu do kina.', mistakes: [MISTAKE], suggestion: 'Tip' }
const VOICE = { kind: 'voice', said: SAID, level: 'beginner' } as const

test('a word that the recogniser was not sure of is doubtful, stays as it was heard, and is no mistake', () => {
  const correction = trustedCorrection({ ...VOICE, unsureWords: ['kinka'] }, ANSWER)
  expect(correction).toEqual({
    correctedText: SAID,
    mistakes: [],
    suggestion: 'Tip',
    doubtfulWords: ['kinka'],
    graded: true,
  })
})

test('a recogniser that was sure of all words leaves the correction as it is', () => {
  const correction = trustedCorrection(VOICE, ANSWER)
  expect(correction).toMatchObject({ ...ANSWER, doubtfulWords: [], graded: true })
})

test('of what was typed no word is doubtful', () => {
  const typedText = { ...VOICE, kind: 'text', unsureWords: ['kinka'] } as const
  expect(trustedCorrection(typedText, ANSWER)).toMatchObject({ ...ANSWER, doubtfulWords: [] })
})

test('of an answer that is not to be believed nothing stays but what was said', () => {
  const correction = trustedCorrection(VOICE, { ...ANSWER, fault: 'other-words' })
  expect(correction).toMatchObject({ correctedText: SAID, mistakes: [], suggestion: '' })
  expect(correction.graded).toBe(false)
})

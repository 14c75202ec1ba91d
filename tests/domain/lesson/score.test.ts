import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import { scoreOf } from '../../../lib/domain/lesson/score.ts'
import { anyText, czechText, czechWord } from '../czech-texts.ts'

const pairs = fc.oneof(fc.tuple(anyText, anyText), fc.tuple(czechText, czechText))

test.each([
  ['Zítra jdu do škola s kamarád', 'Zítra jdu do školy s kamarádem', 67, 6, 4],
  ['jdu do školy', 'Jdu do školy.', 100, 3, 3],
  ['dívám televizi', 'Dívám se na televizi.', 50, 4, 2],
  ['mám rád ten čaj', 'mám rád čaj', 75, 4, 3],
  ['nemohla jsem mít', 'jsem nemohla mít', 67, 3, 2],
  ['přes to jdu', 'přesto jdu', 100, 3, 3],
  ['', '', 100, 0, 0],
  ['', 'Ahoj', 0, 1, 0],
  ['ahoj', '', 0, 1, 0],
])('%j, which should be %j, scores %i: %i words, %i right', (said, correction, ...numbers) => {
  const { score, wordsTotal, wordsCorrect } = scoreOf('voice', said, correction)
  expect([score, wordsTotal, wordsCorrect]).toEqual(numbers)
})

test('one slip in a long speech still costs a point', () => {
  const speech = 'jedna dva tři '.repeat(100)
  expect(scoreOf('voice', `${speech} kocka`, `${speech} kočka`).score).toBe(99)
})

test('a score is a whole number from 0 to 100, out of at least the words that are right', () => {
  fc.assert(
    fc.property(pairs, ([said, correction]) => {
      const { score, wordsTotal, wordsCorrect } = scoreOf('voice', said, correction)
      expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true)
      expect(wordsCorrect).toBeGreaterThanOrEqual(0)
      expect(wordsCorrect).toBeLessThanOrEqual(wordsTotal)
    }),
  )
})

test('100 means that what was said sounds as it should, and nothing else does', () => {
  fc.assert(
    fc.property(pairs, ([said, correction]) => {
      expect(scoreOf('voice', said, correction).score === 100).toBe(
        spokenEdits(said, correction).length === 0,
      )
    }),
  )
})

test('punctuation and capitals of the transcript never change the score', () => {
  const bare = (text: string) => text.toLowerCase().replace(/[.,-]/g, ' ')
  fc.assert(
    fc.property(czechText, czechText, (said, correction) => {
      expect(scoreOf('voice', said, correction)).toEqual(
        scoreOf('voice', bare(said), bare(correction)),
      )
    }),
    { examples: [['udělat praha Praha ', 'já byla. já já ']] },
  )
})

test('each further wrong word lowers the score', () => {
  fc.assert(
    fc.property(fc.array(czechWord, { minLength: 1, maxLength: 20 }), (words) => {
      const scores = [...words.keys(), words.length].map((wrong) => {
        const said = words.map((word, index) => (index < wrong ? `${index}x${index}` : word))
        return scoreOf('voice', said.join(' '), words.join(' ')).score
      })
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      expect(new Set(scores).size).toBe(scores.length)
    }),
  )
})

test.each([
  ['ja mam rad ceske pivo', 'Já mám rád české pivo.', 100],
  ['Holky byli doma.', 'Holky byly doma.', 67],
  ['dívám televizi', 'Dívám se na televizi.', 50],
  ['Bydlím tаdy', 'Bydlím tady.', 100],
])('%j, typed for %j, scores %i', (said, correction, score) => {
  expect(scoreOf('text', said, correction).score).toBe(score)
})

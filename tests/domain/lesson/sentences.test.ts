import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sentencesOf } from '../../../lib/domain/lesson/sentences.ts'
import { czechText } from '../czech-texts.ts'

test('a text is said sentence by sentence', () => {
  expect(sentencesOf('Čerstvý chleba, to je základ! A kde vlastně bydlíš?')).toEqual([
    'Čerstvý chleba, to je základ! ',
    'A kde vlastně bydlíš?',
  ])
})

test('a number with its full stop does not end a sentence', () => {
  const text = 'Sejdeme se 3. května v 15 hodin. Hodí se ti to?'
  expect(sentencesOf(text)).toEqual(['Sejdeme se 3. května v 15 hodin. ', 'Hodí se ti to?'])
})

test('a greeting is said together with what follows it', () => {
  expect(sentencesOf('Ahoj! Jo. Jak ses dneska vyspal? Já dobře, díky.')).toEqual([
    'Ahoj! Jo. Jak ses dneska vyspal? ',
    'Já dobře, díky.',
  ])
})

test('a sentence that is still being written is not said', () => {
  const text = 'Čerstvý chleba, to je základ! A kde'
  expect(sentencesOf(text, { isComplete: false })).toEqual(['Čerstvý chleba, to je základ! '])
  expect(sentencesOf('Čerstvý chleba, to je základ!', { isComplete: false })).toEqual([])
})

test('nothing is left out or said twice, however a text is written', () => {
  fc.assert(
    fc.property(
      fc.oneof(czechText, fc.string({ unit: 'grapheme' })),
      fc.array(fc.integer({ min: 1, max: 30 })),
      (text, steps) => {
        expect(sentencesOf(text).join('')).toBe(text)
        let saidLength = 0
        let writtenLength = 0
        for (const step of steps) {
          writtenLength += step
          for (const sentence of sentencesOf(text.slice(saidLength, writtenLength), {
            isComplete: false,
          })) {
            expect(sentence).not.toBe('')
            saidLength += sentence.length
          }
        }
        expect(text.slice(0, saidLength) + sentencesOf(text.slice(saidLength)).join('')).toBe(text)
      },
    ),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spokenEdits } from '../../../lib/domain/diff/spoken-edits.ts'
import { CORRECTIONS_LEVELS } from '../../../lib/domain/learner/learner.ts'
import {
  correctionsShownTo,
  SHOWN_MISTAKES,
  shownEdits,
} from '../../../lib/domain/lesson/shown-edits.ts'
import { czechText } from '../czech-texts.ts'

test('at the first steps one mistake is shown, whatever corrections the learner has chosen', () => {
  for (const correctionsLevel of CORRECTIONS_LEVELS) {
    expect(correctionsShownTo({ level: 'first_steps', correctionsLevel })).toBe('minimal')
    expect(correctionsShownTo({ level: 'beginner', correctionsLevel })).toBe(correctionsLevel)
  }
})

test('no more edits are shown than the level says, in their order, a word that moved counted once', () => {
  fc.assert(
    fc.property(
      czechText,
      czechText,
      fc.constantFrom(...CORRECTIONS_LEVELS),
      (said, text, level) => {
        const edits = spokenEdits(said, text)
        const editsShown = shownEdits(edits, [], level)
        expect(editsShown).toEqual(edits.filter((edit) => editsShown.includes(edit)))
        const countable = editsShown.filter(({ kind }) => kind !== 'moved-away')
        expect(countable.length).toBeLessThanOrEqual(SHOWN_MISTAKES[level])
        if (edits.length > 0) expect(editsShown.length).toBeGreaterThan(0)
      },
    ),
  )
})

test('the edit of the listed mistake is the one that is shown', () => {
  const [said, text] = ['jdu do škola s kamarád', 'jdu do školy s kamarádem']
  const mistake = {
    original: 's kamarád',
    corrected: 's kamarádem',
    category: 'case',
    explanationCs: '',
    explanationNative: '',
  } as const
  const editsShown = shownEdits(spokenEdits(said, text), [mistake], 'minimal')
  expect(editsShown.map(({ original }) => original)).toEqual(['kamarád'])
})

const SAID = 'včera já být v kino s můj kamarád a bojím psa'
const CORRECTED = 'včera jsem byla v kině s mým kamarádem a bojím se psa'
const LISTED = [
  ['v kino', 'v kině'],
  ['já být', 'jsem byla'],
  ['s můj kamarád', 's mým kamarádem'],
].map(([original = '', corrected = '']) => ({
  original,
  corrected,
  category: 'case' as const,
  explanationCs: '',
  explanationNative: '',
}))

test('all words of a mistake that is shown are marked, and none of one that is not', () => {
  const edits = spokenEdits(SAID, CORRECTED)
  const wordsMarkedAt = (level: 'minimal' | 'balanced' | 'detailed', listed = LISTED) =>
    shownEdits(edits, listed, level).map(({ original, replacement }) => original || replacement)
  expect(wordsMarkedAt('balanced')).toEqual(['já', 'být', 'kino', 'můj', 'kamarád'])
  expect(wordsMarkedAt('detailed')).toEqual(['já', 'být', 'kino', 'můj', 'kamarád', 'se'])
  expect(wordsMarkedAt('minimal')).toEqual(['kino'])
  expect(wordsMarkedAt('minimal', LISTED.slice(1))).toEqual(['já', 'být'])
})

test('the minimal level marks a mistake that was made twice once', () => {
  const edits = spokenEdits('jdu do škola a zase do škola', 'jdu do školy a zase do školy')
  const mistake = LISTED.slice(0, 1).map((each) => ({
    ...each,
    original: 'do škola',
    corrected: 'do školy',
  }))
  expect(shownEdits(edits, mistake, 'minimal')).toHaveLength(1)
  expect(shownEdits(edits, mistake, 'balanced')).toHaveLength(2)
})

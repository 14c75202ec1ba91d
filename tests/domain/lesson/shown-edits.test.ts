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
        const shown = shownEdits(edits, [], level)
        expect(shown).toEqual(edits.filter((edit) => shown.includes(edit)))
        const countable = shown.filter(({ kind }) => kind !== 'moved-away')
        expect(countable.length).toBeLessThanOrEqual(SHOWN_MISTAKES[level])
        if (edits.length > 0) expect(shown.length).toBeGreaterThan(0)
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
  const shown = shownEdits(spokenEdits(said, text), [mistake], 'minimal')
  expect(shown.map(({ original }) => original)).toEqual(['kamarád'])
})

import { expect, test } from 'vitest'
import { genderShown } from '../../../lib/domain/learner/gender.ts'

test.each([
  ['Včera jsem byla v kině.', 'feminine'],
  ['Byl jsem včera v kině.', 'masculine'],
  ['Já bych chtěla kávu.', 'feminine'],
  ['Chtěl bych kávu.', 'masculine'],
  ['Mám ráda psy.', 'feminine'],
  ['Rád piju kávu.', 'masculine'],
  ['Ahoj! Ráda čtu.', 'feminine'],
  ['Jsem moc unavená.', 'feminine'],
  ['Dneska jsem nemocný.', 'masculine'],
  ['Už jsem se to včera naučila.', 'feminine'],
  ['Jsem učitel.', undefined],
  ['Jsem doma a učím se česky.', undefined],
  ['Můj bratr má rád kávu.', undefined],
  ['Moje sestra byla v kině.', undefined],
  ['Kolega rád hraje hokej.', undefined],
  ['Kluci byli v kině a já taky.', undefined],
  ['Byl jsem doma a byla jsem v práci.', undefined],
])('the words %j show the gender of their speaker: %s', (said, gender) => {
  expect(genderShown(said, said)).toBe(gender)
})

test('a past tense that the tutor put in for an infinitive shows no gender', () => {
  expect(genderShown('Já být včera v kino.', 'Já jsem byl včera v kině.')).toBeUndefined()
  expect(genderShown('Já byla včera v kino.', 'Já jsem byla včera v kině.')).toBeUndefined()
  expect(genderShown('Jsem byla v kino.', 'Byla jsem v kině.')).toBe('feminine')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withoutDiacritics } from '../../../lib/domain/diff/spelling.ts'
import { wordsOf } from '../../../lib/domain/diff/words.ts'
import { LEVELS } from '../../../lib/domain/learner/learner.ts'
import { trustedHint } from '../../../lib/domain/lesson/hint.ts'
import { MISTAKE_CATEGORIES, type Mistake } from '../../../lib/domain/lesson/lesson.ts'

const MISTAKE: Mistake = {
  original: 'do obchod',
  corrected: 'do obchodu',
  category: 'case',
  explanationCs: '',
  explanationNative: '',
}
const LESSON = {
  said: 'Včera jsem šel do obchod a koupil jsem chleba.',
  correctedText: 'Včera jsem šel do obchodu a koupil jsem chleba.',
  mistakes: [MISTAKE],
  doubtfulWords: [] as string[],
}
const LEARNER = { level: 'beginner', nativeLanguage: 'ru' } as const
const HINT = 'Какой падеж нужен после do в „do obchod“?'
const RUSSIAN = ['какой', 'падеж', 'нужен', 'после', 'окончание', 'подумай']

type Changes = {
  mistake?: Partial<Mistake>
  lesson?: Partial<typeof LESSON>
  learner?: Partial<{ level: (typeof LEVELS)[number]; nativeLanguage: string }>
}

function hintOf(hint: string, { mistake, lesson, learner }: Changes = {}): string {
  const firstMistake = { ...MISTAKE, ...mistake }
  return trustedHint(
    hint,
    firstMistake,
    { ...LESSON, mistakes: [firstMistake], ...lesson },
    { ...LEARNER, ...learner },
  )
}

test('a hint that names the rule is given, in one line', () => {
  expect(hintOf(HINT)).toBe(HINT)
  expect(hintOf(`  ${HINT.replace(' в ', '\n\nв ')} `)).toBe(HINT)
})

test.each([
  ['the corrected word', 'Правильно будет obchodu, почему?'],
  ['the corrected word without accents and in capitals', 'Подумай: OBCHODU?'],
  ['the corrected word with its ending behind a dash', 'Здесь нужно obchod-u, почему?'],
  ['the corrected word with its ending in brackets', 'Какое окончание у obchod(u)?'],
  ['the corrected word with an invisible sign in it', 'Какое окончание у obchod\u00adu?'],
  ['the ending alone', 'Какой падеж? Окончание -u.'],
  ['the ending behind a longer dash', 'Окончание здесь –u, почему?'],
])('a hint that gives away %s is not given', (_, hint) => {
  expect(hintOf(hint)).toBe('')
})

test('a word that is corrected elsewhere in the sentence is not given away either', () => {
  const correctedText = 'Včera jsem šel do obchodu a koupil jsem chléb.'
  expect(hintOf('Какой падеж после do? И что такое chléb?', { lesson: { correctedText } })).toBe('')
})

test('words in another order are not given away in the right one', () => {
  const lesson = { said: 'Včera se jsem díval.', correctedText: 'Včera jsem se díval.' }
  const changes = { mistake: { original: 'se jsem', corrected: 'jsem se' }, lesson }
  expect(hintOf('Что стоит раньше: „jsem se“?', changes)).toBe('')
  expect(hintOf('Что стоит раньше, глагол быть или частица?', changes)).not.toBe('')
})

test('a hint about a mistake that does not count is not given', () => {
  const otherMistake = { ...MISTAKE, original: 'chleba', corrected: 'chléb' }
  expect(trustedHint(HINT, otherMistake, LESSON, LEARNER)).toBe('')
  expect(trustedHint(HINT, MISTAKE, { ...LESSON, mistakes: [] }, LEARNER)).toBe('')
  expect(trustedHint(HINT, undefined, LESSON, LEARNER)).toBe('')
})

test('no hint is given on a doubtful word', () => {
  expect(hintOf(HINT, { lesson: { doubtfulWords: ['obchod'] } })).toBe('')
})

test.each([
  ['first_steps', 'case', false],
  ['first_steps', 'verb', true],
  ['beginner', 'case', true],
  ['beginner', 'vocabulary', false],
  ['advanced', 'vocabulary', true],
  ['native', 'other', false],
] as const)(
  'at the level %s a mistake of the category %s is within reach: %s',
  (level, category, is) => {
    expect(hintOf(HINT, { mistake: { category }, learner: { level } }) !== '').toBe(is)
  },
)

test('a hint in another language than the learner’s is not given', () => {
  expect(hintOf('Which case comes after the preposition here, and why is that so?')).toBe('')
  expect(hintOf(HINT, { learner: { nativeLanguage: 'en' } })).toBe('')
})

test('a hint that says nothing or explains at length is not given', () => {
  expect(hintOf('?')).toBe('')
  expect(hintOf(`${HINT} ${'Подумай ещё раз. '.repeat(12)}`)).toBe('')
})

test('whatever a model writes as a hint, no word that the correction adds is in what is shown', () => {
  const piece = fc.constantFrom(
    ...RUSSIAN,
    ...wordsOf(LESSON.correctedText),
    '-u',
    'obchod-u',
    '\n',
  )
  const text = fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 5 })), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(
      text,
      fc.constantFrom(...LEVELS),
      fc.constantFrom(...MISTAKE_CATEGORIES),
      (parts, level, category) => {
        const hintShown = hintOf(parts.join(' '), { learner: { level }, mistake: { category } })
        expect(wordsOf(hintShown).map(withoutDiacritics)).not.toContain('obchodu')
        expect(hintShown).not.toMatch(/\n/)
        expect([...hintShown].length).toBeLessThanOrEqual(180)
      },
    ),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerKey, isClean } from '../../../scripts/eval/answer-key.ts'
import { answerFiguresOf, figuresOf } from '../../../scripts/eval/figures.ts'
import { judge } from '../../../scripts/eval/judge.ts'
import { judging } from '../../../scripts/eval/judged-answer.ts'
import {
  figuresFor,
  judgedFor,
  mistakeOf,
  recordedOf,
  SETTING,
  sentenceOf,
} from './recorded-answers.ts'

const SCHOOL = sentenceOf('Zítra jdu do škola.', 'Zítra jdu do školy.')
const RIGHT = sentenceOf('Včera jsem šel do kina.', 'Včera jsem šel do kina.')

test('an error that both annotators correct alike is found by their very change', () => {
  expect(figuresFor(SCHOOL, 'Zítra jdu do školy.')).toMatchObject({
    agreed_errors: 1,
    found: 1,
    found_otherwise: 0,
    missed: 0,
    edits: 1,
    optional_changed: 0,
    invented: 0,
    clean: 0,
    f05: 1,
  })
})

test('an error left as it was is missed', () => {
  expect(figuresFor(SCHOOL, SCHOOL.input)).toMatchObject({ missed: 1, edits: 0, f05: 0 })
})

test('an error that annotators correct differently is found by the change of either', () => {
  const sentence = sentenceOf('Jdu do škola.', 'Jdu do školy.', 'Jdu do školky.')
  for (const correctedText of sentence.gold) {
    expect(figuresFor(sentence, correctedText)).toMatchObject({ agreed_errors: 1, found: 1 })
  }
})

test('another word at the right place is found otherwise', () => {
  expect(figuresFor(SCHOOL, 'Zítra jdu do práce.')).toMatchObject({
    found: 0,
    found_otherwise: 1,
    missed: 0,
    invented: 0,
  })
})

test('a change of punctuation and capitals only is no edit, and no false alarm', () => {
  expect(figuresFor(RIGHT, 'včera, jsem šel do kina!')).toMatchObject({
    clean: 1,
    false_alarms: 0,
    edits: 0,
  })
})

test('a sentence whose annotators change punctuation only is clean', () => {
  const sentence = sentenceOf('Řekla že přijde', 'Řekla, že přijde.')
  expect(figuresFor(sentence, sentence.input)).toMatchObject({ agreed_errors: 0, clean: 1 })
})

test('spelling that sounds the same is no edit of speech, and one of a text', () => {
  const sentence = sentenceOf('Kluci byly doma.', 'Kluci byli doma.')
  expect(figuresFor(sentence, 'Kluci byli doma.')).toMatchObject({ agreed_errors: 0, clean: 1 })
  expect(figuresFor(sentence, 'Kluci byli doma.', {}, { kind: 'text' })).toMatchObject({
    agreed_errors: 1,
    found: 1,
    clean: 0,
  })
})

test('diacritics left out of a text are errors to find', () => {
  const sentence = sentenceOf('Mam rad pivo.', 'Mám rád pivo.')
  expect(figuresFor(sentence, 'Mám rad pivo.', {}, { kind: 'text' })).toMatchObject({
    agreed_errors: 2,
    found: 1,
    missed: 1,
  })
})

test('a change where one annotator only has one is optional, and its sentence is not clean', () => {
  const sentence = sentenceOf('Rád čtu knihy.', 'Rád čtu knihy.', 'Rád čtu knížky.')
  for (const correctedText of ['Rád čtu knížky.', 'Rád čtu noviny.']) {
    expect(figuresFor(sentence, correctedText)).toMatchObject({
      agreed_errors: 0,
      optional_changed: 1,
      invented: 0,
      clean: 0,
      false_alarms: 0,
    })
  }
})

test('a change where no annotator has one is invented, beside an error that is found', () => {
  expect(figuresFor(SCHOOL, 'Zítra běžím do školy.')).toMatchObject({
    found: 1,
    invented: 1,
    edits: 2,
    false_alarms: 0,
  })
})

test('any change that is heard is a false alarm in a sentence that both left alone', () => {
  expect(figuresFor(RIGHT, 'Včera jsem šel do divadla.')).toMatchObject({
    clean: 1,
    false_alarms: 1,
    invented: 1,
  })
})

const STORY = sentenceOf(
  'Včera jsem byl v kino. Potom jsme jedli pizzu s kamarády. Bylo to moc hezké.',
  'Včera jsem byl v kině. Potom jsme jedli pizzu s kamarády. Bylo to moc hezké.',
)

test('a giant deletion over an error has not found it', () => {
  const correctedText = 'Včera s kamarády. Bylo to moc hezké.'
  expect(figuresFor(STORY, correctedText)).toMatchObject({
    agreed_errors: 1,
    found: 0,
    found_otherwise: 0,
    missed: 1,
    overreaching: 1,
  })
})

test('the last sentence alone is unusable, and finds nothing', () => {
  expect(figuresFor(STORY, 'Bylo to moc hezké.')).toMatchObject({
    found: 0,
    found_otherwise: 0,
    missed: 1,
    unusable: 1,
    guarded: 1,
  })
})

test('a word too many that is left out, as annotators do, is found', () => {
  const sentence = sentenceOf('Já se jmenuju se Ivan.', 'Já se jmenuju Ivan.')
  expect(figuresFor(sentence, 'Já se jmenuju Ivan.')).toMatchObject({ found: 1, overreaching: 0 })
})

test('a wrong word that is left out, and no other with it, is found otherwise', () => {
  const sentence = sentenceOf('Mluvím pro český práci.', 'Mluvím o český práci.')
  expect(figuresFor(sentence, 'Mluvím český práci.')).toMatchObject({ found_otherwise: 1 })
  expect(figuresFor(sentence, 'Mluvím práci.')).toMatchObject({ found_otherwise: 0, missed: 1 })
})

test('words that moved far are one edit, found where an annotator moves them to', () => {
  const sentence = sentenceOf(
    'Rodiče každou neděli velký oběd pro celou rodinu vaří.',
    'Rodiče vaří každou neděli velký oběd pro celou rodinu.',
  )
  expect(figuresFor(sentence, sentence.gold[0] ?? '')).toMatchObject({
    agreed_errors: 1,
    found: 1,
    edits: 1,
  })
  const elsewhere = 'Rodiče každou neděli vaří velký oběd pro celou rodinu.'
  expect(figuresFor(sentence, elsewhere)).toMatchObject({ found: 0, found_otherwise: 1, edits: 1 })
})

test('a translation is unusable', () => {
  expect(figuresFor(SCHOOL, 'Завтра я иду в школу.')).toMatchObject({
    unusable: 1,
    guarded: 1,
    found: 0,
  })
})

test('a mistake listed without an edit behind it is unbacked', () => {
  const mistakes = [mistakeOf('škola', 'školy'), mistakeOf('jdu', 'půjdu')]
  expect(figuresFor(SCHOOL, 'Zítra jdu do školy.', { mistakes })).toMatchObject({
    listed: 2,
    listed_unbacked: 1,
  })
})

test('an explanation in another language is counted and guarded, and leaves the text usable', () => {
  const english = 'After the preposition do you need the genitive case, which ends in -y.'
  const mistakes = [mistakeOf('škola', 'školy', english)]
  expect(figuresFor(SCHOOL, 'Zítra jdu do školy.', { mistakes })).toMatchObject({
    explanations_in_wrong_language: 1,
    guarded: 1,
    unusable: 0,
  })
})

test('an explanation in the learner’s language is not counted', () => {
  const mistakes = [mistakeOf('škola', 'školy')]
  expect(figuresFor(SCHOOL, 'Zítra jdu do školy.', { mistakes })).toMatchObject({
    explanations_in_wrong_language: 0,
    guarded: 0,
  })
})

test.each([
  ['minimal', 1],
  ['balanced', 3],
  ['detailed', 8],
] as const)(
  'at %s, %i mistakes may be listed and one more is over the limit',
  (corrections, most) => {
    const input =
      'Jdu do škola do škola do škola do škola do škola do škola do škola do škola do škola'
    const sentence = sentenceOf(input, input.replaceAll('škola', 'školy'))
    const listing = (count: number) =>
      figuresFor(
        sentence,
        sentence.gold[0] ?? '',
        { mistakes: new Array(count).fill(mistakeOf('do škola', 'do školy')) },
        { corrections },
      )
    expect(listing(most)).toMatchObject({ over_limit: 0, shown_over_limit: 0 })
    expect(listing(most + 1)).toMatchObject({ over_limit: 1, shown_over_limit: 1 })
  },
)

test('at first steps one mistake may be listed, whatever the corrections level', () => {
  const mistakes = [mistakeOf('škola', 'školy'), mistakeOf('do škola', 'do školy')]
  const setting = { level: 'first_steps', corrections: 'detailed' } as const
  const figures = figuresFor(SCHOOL, 'Zítra jdu do školy.', { mistakes }, setting)
  expect(figures).toMatchObject({ over_limit: 1, shown_over_limit: 1 })
})

test('unbacked mistakes above the limit are listed over it and not shown over it', () => {
  const mistakes = [mistakeOf('škola', 'školy'), mistakeOf('jdu', 'půjdu')]
  const figures = figuresFor(
    SCHOOL,
    'Zítra jdu do školy.',
    { mistakes },
    { corrections: 'minimal' },
  )
  expect(figures).toMatchObject({ over_limit: 1, shown_over_limit: 0 })
})

test('what the guard asked for again is judged by the first answer, and beside it by what a learner sees', () => {
  const mistakes = [mistakeOf('jdu', 'půjdu'), mistakeOf('zítra', 'zítra')]
  const first = recordedOf(SCHOOL, 'Завтра я иду в школу.', { mistakes }).answer ?? undefined
  const repaired = recordedOf(SCHOOL, 'Zítra jdu do školy.', {}, { firstAnswer: first })
  const judged = judgedFor(SCHOOL, repaired)
  if (judged === undefined) throw new Error('There is an answer.')
  expect(figuresOf([judged])).toMatchObject({
    unusable: 1,
    guarded: 1,
    found: 0,
    listed: 2,
    listed_unbacked: 2,
  })
  expect(figuresOf([judged.shown])).toMatchObject({
    unusable: 0,
    guarded: 0,
    found: 1,
    listed: 0,
    listed_unbacked: 0,
  })
  expect(answerFiguresOf([judged], [])).toMatchObject({ ungraded: 0 })
})

test('of two answers that are not to be believed, a learner sees no correction', () => {
  const answer = recordedOf(SCHOOL, 'Завтра я иду в школу.').answer ?? undefined
  const judged = judgedFor(SCHOOL, recordedOf(SCHOOL, 'Завтра я иду.', {}, { firstAnswer: answer }))
  if (judged === undefined) throw new Error('There is an answer.')
  expect(figuresOf([judged.shown])).toMatchObject({ edits: 0, missed: 1, unusable: 0 })
  expect(answerFiguresOf([judged], [])).toMatchObject({ ungraded: 1 })
})

test.each([
  ['no object, then an answer', ['no object'], undefined, 1],
  ['a correction not to be believed', ['other-words'], SCHOOL.input, 0],
  ['that, then no object', ['other-words', 'no object'], SCHOOL.input, 0],
  ['no object, then a correction not to be believed', ['no object', 'other-words'], 'Jo', 1],
])('what cannot be read at first is counted: %s', (_name, rejections, first, count) => {
  const firstAnswer = first === undefined ? undefined : recordedOf(SCHOOL, first).answer
  const recorded = recordedOf(SCHOOL, 'Zítra jdu do školy.', {}, { rejections })
  const record = firstAnswer ? { ...recorded, firstAnswer } : recorded
  const judged = judgedFor(SCHOOL, record)
  expect(answerFiguresOf(judged ? [judged] : [], [])).toMatchObject({ unreadable_at_first: count })
})

test('a mistake whose words do not change is unbacked', () => {
  const mistakes = [mistakeOf('do školy', 'do školy')]
  expect(figuresFor(SCHOOL, 'Zítra jdu do školy.', { mistakes })).toMatchObject({
    listed: 1,
    listed_unbacked: 1,
  })
})

test('doubtful words are counted where an answer has them', () => {
  expect(figuresFor(SCHOOL, 'Zítra jdu do školy.', { doubtfulWords: ['škola'] }).doubtful).toBe(1)
})

test('the human row judges each annotator by the other, as if a model', () => {
  const sentence = sentenceOf(
    'Zítra jdu do škola s kamarád.',
    'Zítra jdu do školy s kamarádem.',
    'Zítra půjdu do školy s kamarád.',
  )
  expect(figuresOf(judging(SETTING, undefined).annotators(sentence))).toMatchObject({
    answers: 2,
    // Two of each, of which one is the other's, too.
    agreed_errors: 4,
    found: 2,
    missed: 2,
    invented: 2,
    optional_changed: 0,
    clean: 0,
  })
})

test('the human row counts what one annotator changes in sentences that the other left alone', () => {
  const sentence = sentenceOf('Rád čtu knihy.', 'Rád čtu knihy.', 'Rád čtu knížky.')
  expect(figuresOf(judging(SETTING, undefined).annotators(sentence))).toMatchObject({
    clean: 1,
    false_alarms: 1,
  })
})

const word = fc.constantFrom('já', 'jdu', 'domů', 'se', 'škola', 'školy', 'včera', 'a', 'byl')
const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '))
const kind = fc.constantFrom('voice' as const, 'text' as const)

test("an annotator's own text finds every error, and invents nothing", () => {
  fc.assert(
    fc.property(kind, text, text, text, (kind, input, first, second) => {
      const key = answerKey(kind, input, [first, second])
      const judgement = judge(key, first)
      expect(new Set(judgement.fates)).toEqual(new Set(key.agreed.length > 0 ? ['found'] : []))
      expect(judgement.invented).toEqual([])
      expect(judgement.overreaching).toEqual([])
    }),
  )
})

test('a text left alone has missed every error, and makes no edit', () => {
  fc.assert(
    fc.property(kind, text, text, text, (kind, input, first, second) => {
      const key = answerKey(kind, input, [first, second])
      const judgement = judge(key, input)
      expect(judgement.fates.every((fate) => fate === 'missed')).toBe(true)
      expect(judgement.edits).toBe(0)
    }),
  )
})

test('every edit is on an error, optional or invented, and of a clean sentence all are invented', () => {
  fc.assert(
    fc.property(kind, text, text, text, text, (kind, input, first, second, correctedText) => {
      const key = answerKey(kind, input, [first, second])
      const { edits, optional, invented, fates } = judge(key, correctedText)
      expect(optional.length + invented.length).toBeLessThanOrEqual(edits)
      expect(fates.length).toBe(key.agreed.length)
      if (isClean(key)) expect(invented.length).toBe(edits)
    }),
  )
})

test('the order of the annotators makes no difference', () => {
  fc.assert(
    fc.property(kind, text, text, text, text, (kind, input, first, second, correctedText) => {
      const there = judge(answerKey(kind, input, [first, second]), correctedText)
      const back = judge(answerKey(kind, input, [second, first]), correctedText)
      expect(there).toEqual(back)
    }),
  )
})

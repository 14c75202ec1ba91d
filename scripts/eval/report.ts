import type { Evaluation } from './evaluate.ts'
import { type Figures, figuresOf } from './figures.ts'
import type { JudgedCorrection } from './judged-answer.ts'
import { dollars, percent } from './numbers.ts'
import { byErrorType, SLICES } from './slices.ts'

/** The report that a person reads: the model beside the other annotator, then slices, the reply and the cost. */
export function reportText(evaluation: Evaluation): string {
  const { model, prompt, setting, sentences, runs, stability } = evaluation
  const { kind, level, corrections, native } = setting
  return [
    `${model}, prompt ${prompt}: ${kind}, level ${level}, corrections ${corrections}, native language ${native}`,
    `${sentences} sentences with two annotators, ${runs} ${runs === 1 ? 'run' : 'runs'}` +
      (stability === undefined ? '' : `; judged alike in all runs: ${percent(stability, 1)}`),
    '',
    correctionTable(evaluation),
    goalLines(evaluation),
    sliceTable(evaluation),
    ...errorTypeTable(evaluation),
    replyLines(evaluation),
    costLines(evaluation),
  ].join('\n')
}

type Row = [name: string, ofFigures: (figures: Figures) => string]

const ROWS: readonly Row[] = [
  ['agreed errors', ({ agreed_errors }) => String(agreed_errors)],
  ['  found: the very change', (f) => countAndShare(f.found, f.agreed_errors)],
  ['  found otherwise', (f) => countAndShare(f.found_otherwise, f.agreed_errors)],
  ['  missed', (f) => countAndShare(f.missed, f.agreed_errors)],
  ['edits', ({ edits }) => String(edits)],
  ['  optional: one annotator has one', (f) => countAndShare(f.optional_changed, f.edits)],
  ['  invented: none has one', (f) => countAndShare(f.invented, f.edits)],
  ['  deleting beyond the error', (f) => countAndShare(f.overreaching, f.edits)],
  ['F0.5 of the very changes', ({ f05 }) => (f05 === null ? '-' : f05.toFixed(3))],
  ['clean sentences', ({ clean }) => String(clean)],
  ['  changed: false alarms', (f) => countAndShare(f.false_alarms, f.clean)],
  ['  95 % interval (Wilson)', ({ false_alarm_interval }) => interval(false_alarm_interval)],
  ['unusable: not the words said', (f) => countAndShare(f.unusable, f.answers)],
  ['guarded: asked for once more', (f) => countAndShare(f.guarded, f.answers)],
  ['doubtful words', ({ doubtful }) => String(doubtful)],
  [
    'words that no dictionary has',
    ({ invented_forms }) => String(invented_forms ?? 'no dictionary'),
  ],
  ['listed mistakes', ({ listed }) => String(listed)],
  ['  unbacked by an edit', (f) => countAndShare(f.listed_unbacked, f.listed)],
  [
    '  explained in another language',
    (f) => countAndShare(f.explanations_in_wrong_language, f.listed),
  ],
  ['answers listing above the limit', (f) => countAndShare(f.over_limit, f.answers)],
  ['answers showing above the limit', (f) => countAndShare(f.shown_over_limit, f.answers)],
]

function correctionTable({ figures, shown, human, answerFigures: f }: Evaluation): string {
  const lines = ROWS.map(([name, ofFigures]) =>
    tableLine(name, ofFigures(figures), ofFigures(shown), ofFigures(human)),
  )
  return [
    tableLine('', 'model', 'after the guard', 'other annotator'),
    ...lines,
    tableLine('lessons without a grade', '', countAndShare(f.ungraded, figures.answers), ''),
    '',
    'The model is judged by its first answers. After the guard is what learners see: the second answer, where',
    'the first was not to be believed, or no correction; only mistakes that an edit backs; asked words as said.',
    'The other annotator is judged as if a model, by the key of one: all edits of that one are errors to',
    'find, and sentences left alone there are clean. An edit is a place that differs once punctuation,',
    'capitals, white space and, of speech, what sounds the same are left out. Annotators list no mistakes.',
    '',
  ].join('\n')
}

function tableLine(name: string, ...cells: string[]): string {
  return `${name.padEnd(34)}${cells.map((cell) => cell.padStart(18)).join('')}`.trimEnd()
}

function countAndShare(part: number, whole: number): string {
  return whole === 0 ? String(part) : `${part} (${percent(part, whole)})`
}

function interval([low, high]: readonly [number, number]): string {
  return `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %`
}

/** What a model is to reach for its corrections to be signed by a teacher; the human key is 16.4 % invented. */
function goalLines({ figures: f, setting }: Evaluation): string {
  const goals: [text: string, isReached: boolean | undefined][] = [
    ['false alarms at most 2 % of the clean sentences', atMost(f.false_alarms, f.clean, 0.02)],
    [
      'found, otherwise too, at least 85 % of the agreed errors (at detailed)',
      atMost(f.missed, f.agreed_errors, 0.15),
    ],
    ['invented at most 15 % of the edits', atMost(f.invented, f.edits, 0.15)],
    ...(setting.corrections === 'minimal'
      ? [['one mistake shown at minimal', f.shown_over_limit === 0] as [string, boolean]]
      : []),
  ]
  const mark = (isReached: boolean | undefined) =>
    isReached === undefined ? 'not measured' : isReached ? 'reached' : 'not reached'
  return ['Goals:', ...goals.map(([text, isReached]) => `  ${text}: ${mark(isReached)}`), ''].join(
    '\n',
  )
}

function atMost(part: number, whole: number, share: number): boolean | undefined {
  return whole === 0 ? undefined : part <= share * whole
}

function sliceTable({ judged, annotators }: Evaluation): string {
  const lines = SLICES.flatMap(({ name, includes }) => {
    const ofSlice = (list: readonly JudgedCorrection[]) =>
      figuresOf(list.filter(({ sentence }) => includes(sentence)))
    const [model, human] = [ofSlice(judged), ofSlice(annotators)]
    return model.answers === 0 ? [] : [sliceLine(name, sliceCells(model), sliceCells(human))]
  })
  const heads = ['errors found', 'invented', 'false alarms']
  return [
    'Slices: agreed errors found, otherwise too; invented of all edits; false alarms of clean sentences;',
    'and the same of the other annotator.',
    sliceLine('', heads, heads),
    ...lines,
    '',
  ].join('\n')
}

function sliceCells(f: Figures): string[] {
  return [
    percent(f.found + f.found_otherwise, f.agreed_errors),
    percent(f.invented, f.edits),
    percent(f.false_alarms, f.clean),
  ]
}

function sliceLine(name: string, model: readonly string[], human: readonly string[]): string {
  const cells = (list: readonly string[]) => list.map((cell) => cell.padStart(14)).join('')
  return `${name.padEnd(20)}${cells(model)} |${cells(human)}`
}

const MOST_TYPES = 10

function errorTypeTable({ judged, annotators }: Evaluation): string[] {
  const human = new Map(byErrorType(annotators).map((slice) => [slice.type, slice]))
  const shareOf = (slice: ReturnType<typeof byErrorType>[number] | undefined) =>
    slice === undefined ? '-' : percent(slice.all - slice.fates.missed, slice.all)
  const lines = byErrorType(judged)
    .slice(0, MOST_TYPES)
    .map((slice) =>
      tableLine(`${slice.type} (${slice.all})`, shareOf(slice), shareOf(human.get(slice.type))),
    )
  return lines.length === 0
    ? []
    : ['Agreed errors found, otherwise too, by the type that the corpus gives them:', ...lines, '']
}

function replyLines({ judged, answerFigures: f }: Evaluation): string {
  const total = judged.length
  const rows: [string, string][] = [
    ['replies without exactly one question', countAndShare(f.replies_without_one_question, total)],
    ['words a sentence', decimal(f.reply_words_a_sentence)],
    ['with digits', countAndShare(f.replies_with_digits, total)],
    ['with markup', countAndShare(f.replies_with_markup, total)],
    ['not in Czech', countAndShare(f.replies_in_other_language, total)],
    ['repeating the corrected text', countAndShare(f.replies_repeating_the_correction, total)],
    ['words an explanation', decimal(f.explanation_words)],
    ['Czech explanations above 15 words', String(f.czech_explanations_too_long)],
    ['said to be in another language', String(f.other_language)],
    ['declined', String(f.declined)],
    ['unreadable at first', String(f.unreadable_at_first)],
    ['  and when asked for once more', String(f.unreadable)],
  ]
  return [
    'Replies and explanations:',
    ...rows.map(([name, text]) => `  ${name.padEnd(38)}${text}`),
    '',
  ].join('\n')
}

function decimal(value: number | null): string {
  return value === null ? '-' : value.toFixed(1)
}

function costLines({ answerFigures: f, paidMicroUsd }: Evaluation): string {
  const cachedShare = percent(f.cached_tokens, f.input_tokens)
  return [
    `tokens: ${f.input_tokens} in, of them ${f.cached_tokens} cached (${cachedShare}), ${f.output_tokens} out`,
    `cost: ${dollars(f.cost_micro_usd)}, of which this run paid ${dollars(paidMicroUsd)}`,
    `first token: ${f.first_token_ms === null ? '-' : `${f.first_token_ms} ms`} (median)`,
  ].join('\n')
}

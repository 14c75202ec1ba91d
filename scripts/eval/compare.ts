import { wordsOf } from '../../lib/domain/diff/words.ts'
import { isClean } from './answer-key.ts'
import { type JudgedAnswer, judging } from './judged-answer.ts'
import { mcnemarP } from './mcnemar.ts'
import { changedText, spanOf } from './places.ts'
import { idOf, type RecordedAnswer } from './record.ts'

/** Something that fared otherwise in the second record than in the first. */
export type Flip = {
  sentence: string
  /** The words of an agreed error; undefined where a clean sentence flipped. */
  error?: string
  change: 'found -> missed' | 'missed -> found' | 'quiet -> alarm' | 'alarm -> quiet'
  before: string
  after: string
}

/** What changed between two records, by pairs of answers to the same sentence. */
export type Comparison = {
  pairs: number
  errors: Flips
  alarms: Flips
  flips: Flip[]
}
/** How many flips went for the better and for the worse, and how likely that is by chance (McNemar). */
export type Flips = { pairs: number; better: number; worse: number; p: number }

/** Compares two records answer by answer; they may be of two prompts, models or settings. */
export function compareRecords(
  first: readonly RecordedAnswer[],
  second: readonly RecordedAnswer[],
): Comparison {
  const pairs = pairsOf(first, second).flatMap(([before, after]) => {
    const [judgedBefore, judgedAfter] = [judgedAlone(before), judgedAlone(after)]
    return judgedBefore && judgedAfter ? [[judgedBefore, judgedAfter] as const] : []
  })
  const errorFlips = pairs.flatMap(([before, after]) => flippedErrors(before, after))
  const cleanPairs = pairs.filter(([before]) => isClean(before.key))
  const alarmFlips = cleanPairs.flatMap(([before, after]) => flippedAlarm(before, after))
  const errors = pairs.reduce((sum, [before]) => sum + before.key.agreed.length, 0)
  return {
    pairs: pairs.length,
    errors: summary(errors, errorFlips, 'missed -> found'),
    alarms: summary(cleanPairs.length, alarmFlips, 'alarm -> quiet'),
    flips: [...errorFlips, ...alarmFlips],
  }
}

function summary(pairs: number, flips: readonly Flip[], better: Flip['change']): Flips {
  const betterCount = flips.filter(({ change }) => change === better).length
  const worseCount = flips.length - betterCount
  return { pairs, better: betterCount, worse: worseCount, p: mcnemarP(betterCount, worseCount) }
}

/** By sentence and run, and by the setting where both records have one in common. */
function pairsOf(
  first: readonly RecordedAnswer[],
  second: readonly RecordedAnswer[],
): [RecordedAnswer, RecordedAnswer][] {
  const settingOf = ({ kind, corrections, native, level }: RecordedAnswer) =>
    [kind, corrections, native, level].join(' ')
  const settings = new Set(first.map(settingOf))
  const isShared = second.some((answer) => settings.has(settingOf(answer)))
  const name = (answer: RecordedAnswer) =>
    idOf({ ...answer, prompt: isShared ? settingOf(answer) : '', model: '', level: 'beginner' })
  const byName = new Map(second.map((answer) => [name(answer), answer]))
  const firstByName = new Map(first.map((answer) => [name(answer), answer]))
  return [...firstByName].flatMap(([key, before]) => {
    const after = byName.get(key)
    return after === undefined ? [] : [[before, after] as [RecordedAnswer, RecordedAnswer]]
  })
}

function judgedAlone(recordedAnswer: RecordedAnswer): JudgedAnswer | undefined {
  const sentence = { input: recordedAnswer.sentence, gold: recordedAnswer.gold }
  return judging(recordedAnswer, undefined).answer(sentence, recordedAnswer)
}

function flippedErrors(before: JudgedAnswer, after: JudgedAnswer): Flip[] {
  return before.judgement.fates.flatMap((fate, index) => {
    const [wasFound, isFound] = [fate !== 'missed', after.judgement.fates[index] !== 'missed']
    const error = before.key.agreed[index]
    if (wasFound === isFound || error === undefined) return []
    const words = wordsOf(before.sentence.input)
    const span = spanOf(error.places.flat())
    const said = words.slice(span.start, span.end).join(' ')
    const right = changedText(words, span, error.places[0] ?? [])
    const change = wasFound ? ('found -> missed' as const) : ('missed -> found' as const)
    return [{ ...textsOf(before, after), error: `${said} -> ${right}`, change }]
  })
}

function flippedAlarm(before: JudgedAnswer, after: JudgedAnswer): Flip[] {
  const [wasEdited, isEdited] = [before.judgement.edits > 0, after.judgement.edits > 0]
  if (wasEdited === isEdited) return []
  return [{ ...textsOf(before, after), change: isEdited ? 'quiet -> alarm' : 'alarm -> quiet' }]
}

function textsOf(before: JudgedAnswer, after: JudgedAnswer) {
  return {
    sentence: before.sentence.input,
    before: before.answer.correctedText,
    after: after.answer.correctedText,
  }
}

/** The comparison that a person reads, every flip with both texts. */
export function comparisonText({ pairs, errors, alarms, flips }: Comparison): string {
  const line = (
    name: string,
    { pairs: pairCount, better: betterCount, worse: worseCount, p }: Flips,
  ) =>
    `${name.padEnd(34)}${String(pairCount).padStart(8)}${String(betterCount).padStart(8)}${String(worseCount).padStart(8)}   ${p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`}`
  return [
    `${pairs} pairs of answers to the same sentence; p by McNemar's exact test`,
    '',
    `${''.padEnd(34)}${['pairs', 'better', 'worse'].map((head) => head.padStart(8)).join('')}`,
    line('agreed errors, found or missed', errors),
    line('clean sentences, quiet or alarm', alarms),
    '',
    ...flips.map(({ sentence, error, change, before, after }) =>
      [
        `${change}${error === undefined ? '' : `: ${error}`}`,
        `  said    ${sentence}`,
        `  first   ${before}`,
        `  second  ${after}`,
      ].join('\n'),
    ),
  ].join('\n')
}

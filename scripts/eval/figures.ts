import { COMPLAINTS } from '../../lib/domain/lesson/complaints.ts'
import { isOtherLanguage } from '../../lib/domain/lesson/hearing.ts'
import { isClean } from './answer-key.ts'
import type { Fate } from './judge.ts'
import type { JudgedAnswer, JudgedCorrection } from './judged-answer.ts'
import { mean, median } from './numbers.ts'
import type { RecordedAnswer } from './record.ts'
import { wilsonInterval } from './wilson.ts'

/** What corrections are worth: counts, of which a report makes shares. The names are those of `--json`. */
export type Figures = {
  answers: number
  agreed_errors: number
  found: number
  found_otherwise: number
  missed: number
  edits: number
  optional_changed: number
  invented: number
  overreaching: number
  clean: number
  false_alarms: number
  /** Wilson's interval (95 %) of the share of false alarms. */
  false_alarm_interval: [low: number, high: number]
  f05: number | null
  unusable: number
  guarded: number
  doubtful: number
  listed: number
  listed_unbacked: number
  over_limit: number
  shown_over_limit: number
  explanations_in_wrong_language: number
  /** Null without a dictionary. */
  invented_forms: number | null
}

/** Sums corrections up, a model's or annotators'. */
export function figuresOf(corrections: readonly JudgedCorrection[]): Figures {
  const total = (amountOf: (one: JudgedCorrection) => number) =>
    corrections.reduce((sum, correction) => sum + amountOf(correction), 0)
  const share = (isCounted: (one: JudgedCorrection) => boolean) =>
    corrections.filter(isCounted).length
  const fates = (fate: Fate) =>
    total(({ judgement }) => judgement.fates.filter((errorFate) => errorFate === fate).length)
  const cleanOnes = corrections.filter(({ key }) => isClean(key))
  const alarms = cleanOnes.filter(({ judgement }) => judgement.edits > 0).length
  const hasDictionary = corrections.every(({ check }) => check.inventedForms !== undefined)
  const counts = {
    agreed_errors: total(({ judgement }) => judgement.fates.length),
    found: fates('found'),
    found_otherwise: fates('found-otherwise'),
    edits: total(({ judgement }) => judgement.edits),
    optional_changed: total(({ judgement }) => judgement.optional.length),
  }
  return {
    answers: corrections.length,
    ...counts,
    missed: fates('missed'),
    invented: total(({ judgement }) => judgement.invented.length),
    overreaching: total(({ judgement }) => judgement.overreaching.length),
    clean: cleanOnes.length,
    false_alarms: alarms,
    false_alarm_interval: wilsonInterval(alarms, cleanOnes.length),
    f05: f05Of(counts),
    unusable: share(({ check }) => check.isUnusable),
    guarded: share(({ check }) => check.isGuarded),
    doubtful: total(({ check }) => check.doubtful),
    listed: total(({ check }) => check.listed),
    listed_unbacked: total(({ check }) => check.unbacked),
    over_limit: share(({ check }) => check.isOverLimit),
    shown_over_limit: share(({ check }) => check.isShownOverLimit),
    explanations_in_wrong_language: total(({ check }) => check.wrongLanguage),
    invented_forms: hasDictionary ? total(({ check }) => check.inventedForms?.length ?? 0) : null,
  }
}

/**
 * F0.5 of the very changes: precision, which counts twice, is of the edits that are not optional, recall of the agreed
 * errors. Null where there is neither.
 */
function f05Of({
  found,
  agreed_errors,
  edits,
  optional_changed,
}: Pick<Figures, 'found' | 'agreed_errors' | 'edits' | 'optional_changed'>): number | null {
  const [beta, claimCount] = [0.5 ** 2, edits - optional_changed]
  const weight = beta * agreed_errors + claimCount
  return weight === 0 ? null : ((1 + beta) * found) / weight
}

/** What only a model's answers have. */
export type AnswerFigures = {
  /** Questions that the tutor declined to answer, and answers that were no object of the schema. */
  declined: number
  unreadable: number
  /** Answers that could not be read and were asked for once more, whatever came of it. */
  unreadable_at_first: number
  /** Answers that the guard believed neither at first nor when it had asked again. */
  ungraded: number
  other_language: number
  explanation_words: number | null
  czech_explanations_too_long: number
  replies_without_one_question: number
  reply_words_a_sentence: number | null
  replies_with_digits: number
  replies_with_markup: number
  replies_in_other_language: number
  replies_repeating_the_correction: number
  input_tokens: number
  cached_tokens: number
  output_tokens: number
  cost_micro_usd: number
  first_token_ms: number | null
}

/** Sums up what belongs to answers; `lacking` are the records without one, which cost all the same. */
export function answerFiguresOf(
  judgedAnswers: readonly JudgedAnswer[],
  unusableAnswers: readonly RecordedAnswer[],
): AnswerFigures {
  const total = (amountOf: (one: JudgedAnswer) => number) =>
    judgedAnswers.reduce((sum, answer) => sum + amountOf(answer), 0)
  const share = (isCounted: (one: JudgedAnswer) => boolean) =>
    judgedAnswers.filter(isCounted).length
  const records = [...judgedAnswers.map(({ recorded }) => recorded), ...unusableAnswers]
  const totalOf = (amountOf: (record: RecordedAnswer) => number) =>
    records.reduce((sum, record) => sum + amountOf(record), 0)
  return {
    declined: unusableAnswers.filter(({ lack }) => lack === 'declined').length,
    unreadable: unusableAnswers.filter(({ lack }) => lack === 'unreadable').length,
    unreadable_at_first: records.filter(isUnreadableAtFirst).length,
    ungraded: share(({ isUngraded }) => isUngraded),
    other_language: share(({ answer }) => isOtherLanguage(answer.saidLanguage)),
    explanation_words: mean(judgedAnswers.flatMap(({ check }) => check.explanationWords)) ?? null,
    czech_explanations_too_long: total(({ check }) => check.longCzechExplanations),
    replies_without_one_question: share(({ replyCheck }) => replyCheck.questions !== 1),
    reply_words_a_sentence:
      mean(judgedAnswers.map(({ replyCheck }) => replyCheck.wordsASentence)) ?? null,
    replies_with_digits: share(({ replyCheck }) => replyCheck.hasDigits),
    replies_with_markup: share(({ replyCheck }) => replyCheck.hasMarkup),
    replies_in_other_language: share(({ replyCheck }) => replyCheck.isOtherLanguage),
    replies_repeating_the_correction: share(({ replyCheck }) => replyCheck.repeatsCorrection),
    input_tokens: totalOf(({ inputTokens }) => inputTokens),
    cached_tokens: totalOf(({ cachedTokens }) => cachedTokens),
    output_tokens: totalOf(({ outputTokens }) => outputTokens),
    cost_micro_usd: totalOf(({ costMicroUsd }) => costMicroUsd),
    first_token_ms:
      median(judgedAnswers.flatMap(({ recorded }) => recorded.firstTokenMs ?? [])) ?? null,
  }
}

/** The first rejection names a fault of the guard where the answer could be read. */
function isUnreadableAtFirst({ rejections: [first] }: RecordedAnswer): boolean {
  return first !== undefined && !Object.hasOwn(COMPLAINTS, first)
}

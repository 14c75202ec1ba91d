import type { Evaluation } from './evaluate.ts'
import { figuresOf } from './figures.ts'
import type { JudgedCorrection } from './judged-answer.ts'
import { byErrorType, SLICES } from './slices.ts'

/** What `--json` prints. Its names stay, because scripts read them. */
export function reportObject(evaluation: Evaluation): object {
  const { model, prompt, setting, sentences, runs, stability, paidMicroUsd } = evaluation
  const slices = SLICES.map(({ name, includes }) => {
    const ofSlice = (list: readonly JudgedCorrection[]) =>
      figuresOf(list.filter(({ sentence }) => includes(sentence)))
    return [name, { ...ofSlice(evaluation.judged), human: ofSlice(evaluation.annotators) }] as const
  })
  return {
    model,
    prompt,
    ...setting,
    sentences,
    runs,
    ...evaluation.figures,
    ...evaluation.answerFigures,
    paid_now_micro_usd: paidMicroUsd,
    judged_alike_in_all_runs: stability ?? null,
    after_guard: evaluation.shown,
    human: evaluation.human,
    slices: Object.fromEntries(slices),
    error_types: Object.fromEntries(
      byErrorType(evaluation.judged).map(({ type, fates, all }) => [
        type,
        {
          agreed_errors: all,
          found: fates.found,
          found_otherwise: fates['found-otherwise'],
          missed: fates.missed,
        },
      ]),
    ),
  }
}

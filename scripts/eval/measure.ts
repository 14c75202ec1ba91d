import { spokenEdits } from '../../lib/domain/diff/spoken-edits.ts'
import { applyEdits, diffWords } from '../../lib/domain/diff/word-diff.ts'
import { tokensOf, wordsOf } from '../../lib/domain/diff/words.ts'
import { scoreOf } from '../../lib/domain/lesson/score.ts'
import {
  type Agreement,
  agreementOf,
  f1,
  type Mark,
  NO_AGREEMENT,
  offsetsOf,
  sumOf,
} from './agreement.ts'
import { type Annotated, isHeard, type Sentence } from './corpus.ts'
import { spearman } from './spearman.ts'

/** What a way of marking a text finds, over its tokens. */
type Marker = (said: string, corrected: string) => TokenEdit[]
type TokenEdit = { start: number; end: number; replacement: string }

/** The diff of the product. */
export const wordDiff: Marker = (said, corrected) =>
  diffWords(said, corrected).filter(({ kind }) => kind !== 'space')

/** The diff of the product without what cannot be heard. */
export const spokenDiff: Marker = spokenEdits

/** Agreement with annotators, edits pooled over the sentences. */
export type Boundaries = {
  /** With the annotator of each sentence that agrees best (F1). */
  best: Agreement
  /** With the first annotator of each sentence. */
  first: Agreement
}

/** Compares a way of marking with the annotators, who are asked only for edits of the types wanted. */
export function boundariesOf(
  sentences: readonly Sentence[],
  mark: Marker,
  isWanted: (edit: Annotated) => boolean = () => true,
): Boundaries {
  let [best, first] = [NO_AGREEMENT, NO_AGREEMENT]
  for (const sentence of sentences) {
    const agreements = sentence.gold.map((corrected, annotator) =>
      agreementOf(
        ourMarks(sentence.input, mark(sentence.input, corrected)),
        theirMarks(sentence, (sentence.edits[annotator] ?? []).filter(isWanted)),
      ),
    )
    const [one = NO_AGREEMENT] = agreements
    first = sumOf(first, one)
    best = sumOf(
      best,
      agreements.reduce((top, each) => (f1(each) > f1(top) ? each : top), one),
    )
  }
  return { best, first }
}

function ourMarks(said: string, edits: readonly TokenEdit[]): Mark[] {
  return marksOf(offsetsOf(tokensOf(said).map(({ text }) => text)), edits)
}

function theirMarks(sentence: Sentence, edits: readonly Annotated[]): Mark[] {
  const list = edits.map(([start, end, , replacement]) => ({ start, end, replacement }))
  return marksOf(offsetsOf(sentence.tokens), list)
}

function marksOf(offsets: readonly number[], edits: readonly TokenEdit[]): Mark[] {
  return edits.map(({ start, end, replacement }) => ({
    from: offsets[start] ?? 0,
    to: offsets[end] ?? 0,
    replacement,
  }))
}

/** How many corrections there are, and how many of them applying the diff gives to the character. */
export function roundTripsOf(sentences: readonly Sentence[]): { exact: number; all: number } {
  const pairs = sentences.flatMap(({ input, gold }) =>
    gold.map((corrected) => ({ input, corrected })),
  )
  const exact = pairs.filter(
    ({ input, corrected }) => applyEdits(input, diffWords(input, corrected)) === corrected,
  )
  return { exact: exact.length, all: pairs.length }
}

/** How the score goes with what annotators marked. */
export type ScoreFit = {
  /** Spearman's correlation of score and heard errors per word, over all corrections. */
  correlation: number
  /** Corrections in which nothing can be heard to have changed, going by the annotated types. */
  clean: number
  cleanMean: number
  cleanBelow100: number
}

export function scoreFitOf(sentences: readonly Sentence[]): ScoreFit {
  const rated = sentences.flatMap(({ input, gold, edits }) => {
    const words = wordsOf(input).length
    return words === 0
      ? []
      : gold.map((corrected, annotator) => ({
          score: scoreOf(input, corrected).score,
          errors: (edits[annotator] ?? []).filter(isHeard).length / words,
        }))
  })
  const clean = rated.filter(({ errors }) => errors === 0).map(({ score }) => score)
  return {
    correlation: spearman(
      rated.map(({ score }) => score),
      rated.map(({ errors }) => errors),
    ),
    clean: clean.length,
    cleanMean: clean.reduce((sum, score) => sum + score, 0) / clean.length,
    cleanBelow100: clean.filter((score) => score < 100).length,
  }
}

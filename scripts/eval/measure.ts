import { spokenEdits } from '../../lib/domain/diff/spoken-edits.ts'
import { diffWords, type Edit, withEdits } from '../../lib/domain/diff/word-diff.ts'
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
import { type AnnotatedEdit, isHeard, type Sentence } from './corpus.ts'
import { spearman } from './spearman.ts'

/** A way of marking a text: the edits that it makes, over the text's tokens. */
type Marker = (said: string, correction: string) => TokenEdit[]
type TokenEdit = { start: number; end: number; replacement: string }

/** The diff of the product. */
export const wordDiff: Marker = (said, correction) =>
  // The corpus's edits count quotes and dashes, which the product does not show.
  diffWords(said, correction).filter(({ original, replacement }) => original !== replacement)

/** The diff of the product without the edits that cannot be heard. */
export const spokenDiff: Marker = spokenEdits

/** Agreement with annotators, edits pooled over the sentences. */
export type Boundaries = {
  /** With the annotator of each sentence that agrees best (F1). */
  best: Agreement
  /** With the first annotator of each sentence. */
  first: Agreement
}

/** Compares a way of marking with the annotators; of their edits only those that `isWanted` are counted. */
export function boundariesOf(
  sentences: readonly Sentence[],
  mark: Marker,
  isWanted: (edit: AnnotatedEdit, sentence: Sentence) => boolean = () => true,
): Boundaries {
  let [best, first] = [NO_AGREEMENT, NO_AGREEMENT]
  for (const sentence of sentences) {
    const agreements = sentence.gold.map((correction, annotator) =>
      agreementOf(
        ourMarks(sentence.input, mark(sentence.input, correction)),
        theirMarks(
          sentence,
          (sentence.edits[annotator] ?? []).filter((edit) => isWanted(edit, sentence)),
        ),
      ),
    )
    const [withFirst = NO_AGREEMENT] = agreements
    first = sumOf(first, withFirst)
    best = sumOf(
      best,
      agreements.reduce((top, agreement) => (f1(agreement) > f1(top) ? agreement : top), withFirst),
    )
  }
  return { best, first }
}

function ourMarks(said: string, edits: readonly TokenEdit[]): Mark[] {
  return marksOf(offsetsOf(tokensOf(said).map(({ text }) => text)), edits)
}

function theirMarks(sentence: Sentence, edits: readonly AnnotatedEdit[]): Mark[] {
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

/** Counts all corrections, and those that applying the diff gives to the character. */
export function roundTripsOf(sentences: readonly Sentence[]): { exact: number; all: number } {
  const pairs = sentences.flatMap(({ input, gold }) =>
    gold.map((correction) => ({ input, correction })),
  )
  const exactPairs = pairs.filter(
    ({ input, correction }) => withEdits(input, diffWords(input, correction)) === correction,
  )
  return { exact: exactPairs.length, all: pairs.length }
}

/** How the score agrees with the annotators' marks. */
export type ScoreFit = {
  /** Spearman's correlation of score and heard errors per word, over all corrections. */
  correlation: number
  /** Corrections whose annotated edits cannot be heard. */
  clean: number
  cleanMean: number
  cleanBelow100: number
}

export function scoreFitOf(sentences: readonly Sentence[]): ScoreFit {
  const ratings = sentences.flatMap((sentence) => {
    const { input, gold, edits } = sentence
    const words = wordsOf(input).length
    return words === 0
      ? []
      : gold.map((correction, annotator) => ({
          score: scoreOf('voice', input, correction).score,
          errors: (edits[annotator] ?? []).filter((edit) => isHeard(edit, sentence)).length / words,
        }))
  })
  const clean = ratings.filter(({ errors }) => errors === 0).map(({ score }) => score)
  return {
    correlation: spearman(
      ratings.map(({ score }) => score),
      ratings.map(({ errors }) => errors),
    ),
    clean: clean.length,
    cleanMean: clean.reduce((sum, score) => sum + score, 0) / clean.length,
    cleanBelow100: clean.filter((score) => score < 100).length,
  }
}

/** How many corrections are marked in a way that misleads their reader, by what is wrong with the marks. */
export type Misleading = {
  corrections: number
  /** A word is replaced by one that is struck elsewhere. */
  nonsensePairs: number
  /** A word is struck in one place, added in another, and not marked as moved. */
  unmarkedMoves: number
  /** In speech, a word is added before the comma that it stands behind in the corrected text. */
  wrongSideOfComma: number
}

export function misleadingMarksOf(sentences: readonly Sentence[]): Misleading {
  const counts = { corrections: 0, nonsensePairs: 0, unmarkedMoves: 0, wrongSideOfComma: 0 }
  for (const { input, gold } of sentences) {
    for (const correction of gold) {
      const edits = diffWords(input, correction).filter(({ kind }) => kind !== 'typography')
      if (edits.length === 0) continue
      counts.corrections += 1
      const plain = edits.filter(({ kind }) => !kind.startsWith('move'))
      const isElsewhere = (word: string, edit: Edit, side: 'original' | 'replacement') =>
        edits.some((otherEdit) => otherEdit !== edit && wordsOf(otherEdit[side]).includes(word))
      const isIn = (word: string, text: string) => wordsOf(text).includes(word)
      const replacements = plain.filter(({ kind }) => kind === 'replace')
      const hasNonsense = replacements.some((edit) =>
        wordsOf(edit.replacement).some(
          (word) => !isIn(word, edit.original) && isElsewhere(word, edit, 'original'),
        ),
      )
      const hasMove = plain.some((edit) =>
        wordsOf(edit.original).some(
          (word) => !isIn(word, edit.replacement) && isElsewhere(word, edit, 'replacement'),
        ),
      )
      counts.nonsensePairs += hasNonsense ? 1 : 0
      counts.unmarkedMoves += hasMove ? 1 : 0
      counts.wrongSideOfComma += hasWrongSide(input, correction) ? 1 : 0
    }
  }
  return counts
}

function hasWrongSide(said: string, correction: string): boolean {
  return spokenEdits(said, correction).some(({ kind, patch, replacement }) => {
    const isAdded = kind === 'insert' || kind === 'moved-here'
    const isBeforeMark = /^\s*[,;:]/u.test(said.slice(patch.to))
    const at = correction.indexOf(`, ${replacement}`)
    return isAdded && isBeforeMark && at !== -1 && !correction.includes(`${replacement},`)
  })
}

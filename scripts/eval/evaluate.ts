import { createHash } from 'node:crypto'
import { isClean } from './answer-key.ts'
import type { LearnerSentence } from './corpus.ts'
import type { CzechDictionary } from './czech-dictionary.ts'
import { answerFiguresOf, figuresOf } from './figures.ts'
import { type JudgedAnswer, judging } from './judged-answer.ts'
import type { RecordedAnswer } from './record.ts'
import type { Evaluation } from './report.ts'

/**
 * The sentences that are asked about: those with two annotators, `limit` of them at most. They are drawn by a hash, so
 * that the same ones are drawn each time and a smaller sample is part of a larger one.
 */
export function sampleOf(
  sentences: readonly LearnerSentence[],
  limit = Infinity,
): LearnerSentence[] {
  const rank = ({ input }: LearnerSentence) => createHash('sha256').update(input).digest('hex')
  const drawn = sentences
    .filter(({ gold }) => gold.length >= 2)
    .map((sentence) => ({ sentence, rank: rank(sentence) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
    .slice(0, limit)
  return drawn.map(({ sentence }) => sentence)
}

/** Judges recorded answers about these sentences, and the annotators by each other. */
export function evaluate(
  scope: Pick<Evaluation, 'model' | 'prompt' | 'setting' | 'runs' | 'paidMicroUsd'>,
  answered: readonly { sentence: LearnerSentence; recorded: RecordedAnswer }[],
  dictionary: CzechDictionary | undefined,
): Evaluation {
  const judges = judging(scope.setting, dictionary)
  const judged = answered.flatMap(
    ({ sentence, recorded }) => judges.answer(sentence, recorded) ?? [],
  )
  const sentences = [...new Set(answered.map(({ sentence }) => sentence))]
  const annotators = sentences.flatMap((sentence) => judges.annotators(sentence))
  return {
    ...scope,
    sentences: sentences.length,
    judged,
    annotators,
    figures: figuresOf(judged),
    human: figuresOf(annotators),
    answerFigures: answerFiguresOf(
      judged,
      answered.map(({ recorded }) => recorded).filter(({ answer }) => answer === null),
    ),
    stability: scope.runs > 1 ? stabilityOf(judged) : undefined,
  }
}

/** The share of sentences whose errors fared alike, and that were left alone or not, in all runs. */
function stabilityOf(judged: readonly JudgedAnswer[]): number {
  const bySentence = Map.groupBy(judged, ({ sentence }) => sentence)
  const alike = [...bySentence.values()].filter(
    (answers) => new Set(answers.map(verdictOf)).size === 1,
  )
  return alike.length / Math.max(1, bySentence.size)
}

/** What two answers to a sentence are compared by. */
export function verdictOf({ key, judgement }: JudgedAnswer): string {
  const isAlarm = isClean(key) && judgement.edits > 0
  return [...judgement.fates, isAlarm ? 'alarm' : 'quiet'].join(' ')
}

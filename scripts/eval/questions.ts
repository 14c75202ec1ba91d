import { createHash } from 'node:crypto'
import type { LearnerSentence } from './corpus.ts'
import { type AnswerId, idOf } from './record.ts'

/** One question to the tutor; its id is that of the answer. */
export type Question = { id: string; sentence: LearnerSentence; run: number }

/**
 * The sentences that are asked about: those with two annotators, `limit` of them at most. They are drawn by a hash, so
 * that the same ones are drawn each time and a smaller sample is part of a larger one.
 */
export function sampleOf(
  sentences: readonly LearnerSentence[],
  limit = Infinity,
): LearnerSentence[] {
  const rank = ({ input }: LearnerSentence) => createHash('sha256').update(input).digest('hex')
  const drawnSentences = sentences
    .filter(({ gold }) => gold.length >= 2)
    .map((sentence) => ({ sentence, rank: rank(sentence) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
    .slice(0, limit)
  return drawnSentences.map(({ sentence }) => sentence)
}

/** Each sentence as often as there are runs; two learners' same sentence has the same id. */
export function questionsAbout(
  sentences: readonly LearnerSentence[],
  runs: number,
  scope: Pick<AnswerId, 'prompt' | 'model' | 'level'>,
): Question[] {
  return sentences.flatMap((sentence) =>
    Array.from({ length: runs }, (_, index) => {
      const run = index + 1
      return { id: idOf({ ...scope, sentence: sentence.input, run }), sentence, run }
    }),
  )
}

/** The questions without an answer yet, each once. */
export function openQuestions(
  questions: readonly Question[],
  answers: ReadonlyMap<string, unknown>,
): Question[] {
  const distinctQuestions = new Map(questions.map((question) => [question.id, question]))
  return [...distinctQuestions.values()].filter(({ id }) => !answers.has(id))
}

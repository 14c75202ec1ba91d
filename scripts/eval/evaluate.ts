import { isClean } from './answer-key.ts'
import type { LearnerSentence } from './corpus.ts'
import type { CzechDictionary } from './czech-dictionary.ts'
import { type AnswerFigures, answerFiguresOf, type Figures, figuresOf } from './figures.ts'
import { type JudgedAnswer, type JudgedCorrection, judging } from './judged-answer.ts'
import type { RecordedAnswer } from './record.ts'
import type { Setting } from './setting.ts'

/** All that an evaluation found. */
export type Evaluation = {
  model: string
  prompt: string
  setting: Setting
  sentences: number
  runs: number
  judged: readonly JudgedAnswer[]
  annotators: readonly JudgedCorrection[]
  /** Of the model's answers, before the guard. */
  figures: Figures
  /** Of what lessons make of them. */
  shown: Figures
  human: Figures
  answerFigures: AnswerFigures
  /** Share of sentences that were judged alike in all runs; undefined for one run. */
  stability: number | undefined
  paidMicroUsd: number
}

/** Judges recorded answers about these sentences, and the annotators by each other. */
export function evaluate(
  scope: Pick<Evaluation, 'model' | 'prompt' | 'setting' | 'runs' | 'paidMicroUsd'>,
  answeredSentences: readonly { sentence: LearnerSentence; recorded: RecordedAnswer }[],
  dictionary: CzechDictionary | undefined,
): Evaluation {
  const judges = judging(scope.setting, dictionary)
  const judgedAnswers = answeredSentences.flatMap(
    ({ sentence, recorded }) => judges.answer(sentence, recorded) ?? [],
  )
  const sentences = [...new Set(answeredSentences.map(({ sentence }) => sentence))]
  const annotators = sentences.flatMap((sentence) => judges.annotators(sentence))
  return {
    ...scope,
    sentences: sentences.length,
    judged: judgedAnswers,
    annotators,
    figures: figuresOf(judgedAnswers),
    shown: figuresOf(judgedAnswers.map(({ shown }) => shown)),
    human: figuresOf(annotators),
    answerFigures: answerFiguresOf(
      judgedAnswers,
      answeredSentences
        .map(({ recorded: recordedAnswer }) => recordedAnswer)
        .filter(({ answer }) => answer === null),
    ),
    stability: scope.runs > 1 ? stabilityOf(judgedAnswers) : undefined,
  }
}

/** The share of sentences whose errors fared alike, and that were left alone or not, in all runs. */
function stabilityOf(judgedAnswers: readonly JudgedAnswer[]): number {
  const bySentence = Map.groupBy(judgedAnswers, ({ sentence }) => sentence)
  const stableSentences = [...bySentence.values()].filter(
    (answers) => new Set(answers.map(verdictOf)).size === 1,
  )
  return stableSentences.length / Math.max(1, bySentence.size)
}

/** What two answers to a sentence are compared by. */
export function verdictOf({ key, judgement }: JudgedAnswer): string {
  const isAlarm = isClean(key) && judgement.edits > 0
  return [...judgement.fates, isAlarm ? 'alarm' : 'quiet'].join(' ')
}

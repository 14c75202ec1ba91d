import type { Mistake } from '../../../lib/domain/lesson/lesson.ts'
import type { LearnerSentence } from '../../../scripts/eval/corpus.ts'
import { type Figures, figuresOf } from '../../../scripts/eval/figures.ts'
import { judging } from '../../../scripts/eval/judged-answer.ts'
import type { RecordedAnswer } from '../../../scripts/eval/record.ts'
import type { Setting } from '../../../scripts/eval/setting.ts'

export const SETTING: Setting = {
  kind: 'voice',
  level: 'beginner',
  corrections: 'balanced',
  native: 'ru',
}

/** A sentence of ours that two annotators have corrected. */
export function sentenceOf(
  input: string,
  first: string,
  second = first,
  fields: Partial<LearnerSentence> = {},
): LearnerSentence {
  return { input, gold: [first, second], slavic: true, ...fields }
}

/** What the tutor answered to a sentence once. */
export function recordedOf(
  { input, gold }: LearnerSentence,
  correctedText: string,
  answer: Partial<RecordedAnswer['answer']> = {},
  fields: Partial<RecordedAnswer> = {},
): RecordedAnswer {
  return {
    prompt: 'prompt',
    model: 'model',
    sentence: input,
    run: 1,
    ...SETTING,
    gold,
    answer: {
      reply: 'To zní dobře. Kam jdeš?',
      saidLanguage: 'cs',
      correctedText,
      mistakes: [],
      suggestion: '',
      newWords: [],
      replyTranslation: '',
      readyAnswers: [],
      ...answer,
    },
    rejections: [],
    inputTokens: 2_000,
    cachedTokens: 0,
    outputTokens: 300,
    costMicroUsd: 350,
    firstTokenMs: 400,
    ...fields,
  }
}

export function mistakeOf(
  original: string,
  corrected: string,
  explanationNative = 'После предлога do нужен родительный падеж: koho, čeho.',
): Mistake {
  return {
    original,
    corrected,
    category: 'case',
    explanationCs: 'Po předložce do je druhý pád.',
    explanationNative,
  }
}

/** The judged answer of one record. */
export function judgedFor(
  sentence: LearnerSentence,
  recorded: RecordedAnswer,
  setting: Partial<Setting> = {},
) {
  return judging({ ...SETTING, ...setting }, undefined).answer(sentence, recorded)
}

/** The figures of one recorded answer. */
export function figuresFor(
  sentence: LearnerSentence,
  correctedText: string,
  answer: Partial<RecordedAnswer['answer']> = {},
  setting: Partial<Setting> = {},
): Figures {
  const judged = judgedFor(sentence, recordedOf(sentence, correctedText, answer), setting)
  return figuresOf(judged === undefined ? [] : [judged])
}

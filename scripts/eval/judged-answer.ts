import type { TutorAnswer } from '../../lib/app/lesson/tutor.ts'
import { faultOf } from '../../lib/domain/lesson/correction-check.ts'
import {
  type TrustedCorrection,
  trustedCorrection,
} from '../../lib/domain/lesson/trusted-correction.ts'
import { type Correction, type CorrectionCheck, checkCorrection } from './answer-check.ts'
import { type AnswerKey, answerKey, keyOfOne } from './answer-key.ts'
import type { LearnerSentence } from './corpus.ts'
import type { CzechDictionary } from './czech-dictionary.ts'
import { type Judgement, judge, judgeEdits } from './judge.ts'
import type { RecordedAnswer } from './record.ts'
import { checkReply, type ReplyCheck } from './reply-check.ts'
import type { Setting } from './setting.ts'

/** A correction of a sentence, a model's or an annotator's, judged and checked. */
export type JudgedCorrection = {
  sentence: LearnerSentence
  key: AnswerKey
  judgement: Judgement
  check: CorrectionCheck
}

/**
 * A model's answer, judged and checked as it was before the guard: the first one, where the guard had asked for another.
 */
export type JudgedAnswer = JudgedCorrection & {
  recorded: RecordedAnswer
  answer: TutorAnswer
  /** What the lesson makes of it, once the guard is through. */
  shown: JudgedCorrection
  /** The guard believes the last answer, neither: the lesson has no grade. */
  isUngraded: boolean
  replyCheck: ReplyCheck
}

/** Judges answers to sentences with two annotators. The diffs of a sentence are made once. */
export function judging(setting: Setting, dictionary: CzechDictionary | undefined) {
  const keys = new Map<LearnerSentence, AnswerKey>()

  function keyOf(sentence: LearnerSentence): AnswerKey {
    const key =
      keys.get(sentence) ?? answerKey(setting.kind, sentence.input, sentence.gold.slice(0, 2))
    keys.set(sentence, key)
    return key
  }

  function judgedCorrection(sentence: LearnerSentence, correction: Correction): JudgedCorrection {
    const key = keyOf(sentence)
    return {
      sentence,
      key,
      judgement: judge(key, correction.correctedText),
      check: checkCorrection(setting, sentence.input, correction, dictionary),
    }
  }

  return {
    /** Undefined where there was no answer at all. */
    answer(sentence: LearnerSentence, recordedAnswer: RecordedAnswer): JudgedAnswer | undefined {
      const answer = recordedAnswer.firstAnswer ?? recordedAnswer.answer
      if (answer === null) return undefined
      const correction = shownCorrection(setting, sentence.input, recordedAnswer.answer)
      return {
        ...judgedCorrection(sentence, answer),
        recorded: recordedAnswer,
        answer,
        shown: judgedCorrection(sentence, correction),
        isUngraded: !correction.graded,
        replyCheck: checkReply(answer.reply, answer.correctedText),
      }
    },

    /** Each annotator judged by the other one's key, as if a model. */
    annotators(sentence: LearnerSentence): JudgedCorrection[] {
      const key = keyOf(sentence)
      return key.annotators.map((edits, annotator) => {
        const ownKey = keyOfOne(key, 1 - annotator)
        const correctedText = sentence.gold[annotator] ?? sentence.input
        const correction = { correctedText, mistakes: [], suggestion: '' }
        return {
          sentence,
          key: ownKey,
          judgement: judgeEdits(ownKey, edits),
          check: checkCorrection(setting, sentence.input, correction, dictionary),
        }
      })
    },
  }
}

/** What the lesson shows of the last answer: nothing where there was none that could be believed. */
function shownCorrection(
  { kind, level, native }: Setting,
  said: string,
  answer: TutorAnswer | null,
): TrustedCorrection {
  const usableAnswer = answer ?? { correctedText: said, mistakes: [], suggestion: '' }
  return trustedCorrection(
    { kind, said, level },
    { ...usableAnswer, fault: faultOf(said, usableAnswer, native) },
  )
}

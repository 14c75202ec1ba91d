import { type CorrectionCheck, checkCorrection } from './answer-check.ts'
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

/** A model's answer, judged and checked. */
export type JudgedAnswer = JudgedCorrection & {
  recorded: RecordedAnswer
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

  return {
    /** Undefined where the tutor declined to answer. */
    answer(sentence: LearnerSentence, recorded: RecordedAnswer): JudgedAnswer | undefined {
      const { answer } = recorded
      if (answer === null) return undefined
      const key = keyOf(sentence)
      return {
        sentence,
        key,
        judgement: judge(key, answer.correctedText),
        check: checkCorrection(setting, sentence.input, answer, dictionary, recorded.rejections),
        recorded,
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

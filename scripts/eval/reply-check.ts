import { wordsOf } from '../../lib/domain/diff/words.ts'
import { isInLanguage } from '../../lib/domain/lesson/language-check.ts'

/** How a reply keeps the rules of what is spoken. */
export type ReplyCheck = {
  questions: number
  /** The mean over its sentences. */
  wordsASentence: number
  hasDigits: boolean
  hasMarkup: boolean
  /** Not in Czech, as far as its letters and frequent words tell. */
  isOtherLanguage: boolean
  /** It says the corrected text again, which the learner reads anyway. */
  repeatsCorrection: boolean
}

/** Shorter ones are said again by chance. */
const MIN_REPEATED_WORDS = 4

/** Checks a reply that is to be spoken. */
export function checkReply(reply: string, correctedText: string): ReplyCheck {
  const sentences = reply.split(/[.!?…]+/).filter((sentence) => /\p{L}/u.test(sentence))
  const [words, corrected] = [wordsOf(reply), wordsOf(correctedText)]
  return {
    questions: reply.match(/\?/g)?.length ?? 0,
    wordsASentence: words.length / Math.max(1, sentences.length),
    hasDigits: /\d/.test(reply),
    hasMarkup: /[*_#`~<>|[\]{}()\\/]|https?:|\p{Extended_Pictographic}|^\s*-\s/mu.test(reply),
    isOtherLanguage: !isInLanguage(reply, 'cs'),
    repeatsCorrection:
      corrected.length >= MIN_REPEATED_WORDS &&
      ` ${words.join(' ')} `.includes(` ${corrected.join(' ')} `),
  }
}

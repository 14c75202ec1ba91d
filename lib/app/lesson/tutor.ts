import type { CorrectionFault } from '../../domain/lesson/correction-check.ts'
import type { Mistake, NewWord, Turn } from '../../domain/lesson/lesson.ts'
import type { PaidWork } from '../usage.ts'

/** The texts of one request to the tutor: built by `lessonPrompt`. */
export type TutorRequest = {
  /** The instructions: first what is the same for all requests of a cache key, then the learner's own. */
  system: { sharedPart: string; ownPart: string }
  history: Turn[]
  said: string
  /** ISO 639-1: explanations in another language are not believed. */
  nativeLanguage: string
  /** Asks for the corrections alone, where the reply is given already: added to `system`. */
  correctionsOnly: string
  /** Asks for what only a learner at the first steps gets. */
  isFirstSteps: boolean
  /** Asks for a hint at the most important mistake. */
  hasHint: boolean
  /** Same for requests that share the start of their prompt. */
  cacheKey: string
}

export type TutorAnswer = {
  reply: string
  /** ISO 639-1 of what the learner said, as the tutor understands it; may be empty or nonsense. */
  saidLanguage: string
  correctedText: string
  mistakes: Mistake[]
  suggestion: string
  newWords: NewWord[]
  /** The reply in the learner's language; empty above the first steps. */
  replyTranslation: string
  /** What the learner can say next; none above the first steps. */
  readyAnswers: NewWord[]
  /** A hint at the first mistake, as the tutor wrote it, where one was asked for. */
  hint?: string | undefined
  /** Words of what was said that make no sense there, and were probably misheard. */
  doubtfulWords?: string[] | undefined
  /** Why the correction is not to be believed, though it was asked for twice. */
  fault?: CorrectionFault | undefined
}

/** A reply as far as it is written. It begins anew where a call to the tutor fails in its middle and is repeated. */
export type ReplySoFar = {
  text: string
  isComplete: boolean
  /** As TutorAnswer's; comes with a repetition of the complete reply, as soon as the tutor has written it. */
  saidLanguage?: string
}

export type Tutor = {
  /**
   * Answers in one streamed completion. `onReply` is called whenever there is more of the reply, and as soon as
   * it is complete, before the corrections are; the answer's reply is that very text. Where there is
   * a `givenReply`, only the corrections to it are asked for. Throws AppError 'provider-*'; 'provider-unusable' where
   * no answer could be used, and asking again would bring no other.
   */
  answer(
    request: TutorRequest,
    onReply: (reply: ReplySoFar) => void,
    work: PaidWork,
    givenReply?: string,
  ): Promise<TutorAnswer>
}

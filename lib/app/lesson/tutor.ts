import type { Mistake, NewWord, Turn } from '../../domain/lesson/lesson.ts'
import type { Usage } from './usage.ts'

/** The texts of one request to the tutor: built by `lessonPrompt`. */
export type TutorRequest = {
  system: string
  history: Turn[]
  said: string
  /** What to ask for when only the corrections are missing: replaces `system`'s task, not its voice. */
  correctionsOnly: string
  /** Same for requests that share the start of their prompt. */
  cacheKey: string
}

export type TutorAnswer = {
  reply: string
  /** ISO 639-1 of what the learner spoke, as the tutor understands it; may be empty or nonsense. */
  saidLanguage: string
  correctedText: string
  mistakes: Mistake[]
  suggestion: string
  newWords: NewWord[]
}

/** A reply as far as it is written. It begins anew where the tutor has to be asked again in its middle. */
export type ReplySoFar = {
  text: string
  isComplete: boolean
  /** As TutorAnswer's, told as soon as it is written: once more of a reply that is complete. */
  saidLanguage?: string
}

export type Tutor = {
  /**
   * Answers in one streamed completion. `onReply` is called whenever there is more of the reply, and as soon as
   * it is complete, before the corrections are; the answer's reply is that very text. To a reply that is `givenReply`
   * already only the corrections are asked for. Throws AppError 'provider-*'.
   */
  answer(
    request: TutorRequest,
    onReply: (reply: ReplySoFar) => void,
    signal: AbortSignal,
    givenReply?: string,
  ): Promise<{ answer: TutorAnswer; usage: Usage[] }>
}

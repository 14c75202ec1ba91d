import type { Learner } from '../../domain/learner/learner.ts'
import type { NewWord, Turn } from '../../domain/lesson/lesson.ts'
import type { PaidWork } from '../usage.ts'

/** Helps a learner with a reply. Throws AppError 'provider-*'; 'provider-unusable' where no answer could be used. */
export type Interpreter = {
  /** Puts a reply into the learner's native language. */
  translate(reply: string, learner: Learner, work: PaidWork): Promise<string>
  /** Two answers to the reply of an exchange, at the learner's level. */
  readyAnswers(turn: Turn, learner: Learner, work: PaidWork): Promise<NewWord[]>
}

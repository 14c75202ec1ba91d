import type { Progress } from '../../domain/learner/progress.ts'
import type { Fence } from '../jobs/job.ts'
import type { KeptLesson } from './kept-lessons.ts'
import type { LessonDraft, RecordedLesson, Standing } from './stores.ts'

/** What a lesson leaves when it is withdrawn. */
export type Withdrawal = {
  progress: Progress
  /** The days of the learner's other lessons, in order. */
  otherDays: string[]
  /** Lessons that its own day keeps. */
  lessonsLeftOnDay: number
}

export type Retakes = {
  /**
   * Puts what was really said in a lesson's place, once per job, and its stars right. Called again for the same job it
   * returns the lesson. Throws 'lesson-gone' where the lesson has been withdrawn or replaced by another job.
   */
  replace(
    fence: Fence,
    lesson: Pick<KeptLesson, 'id' | 'day' | 'bonusStars'>,
    draft: LessonDraft,
    starsEarned: number,
    standing: Standing,
  ): Promise<RecordedLesson>
  /**
   * Takes a lesson back, all of it or nothing: `retract` runs on what is left, and again where that has changed before
   * the write. False where it is no lesson any more.
   */
  withdraw(
    fence: Fence,
    lesson: Pick<KeptLesson, 'id' | 'jobId' | 'learnerId' | 'day'>,
    retract: (withdrawal: Withdrawal) => Progress,
  ): Promise<boolean>
  /** The message of a lesson's reply, also of a withdrawn one's; undefined before it is noted. */
  findReply(lesson: Pick<KeptLesson, 'id'>): Promise<number | undefined>
}

import type { Learner } from '../../domain/learner/learner.ts'
import type { NewWord } from '../../domain/lesson/lesson.ts'
import type { Fence } from '../jobs/job.ts'
import type { LessonDraft, LessonMessages } from './stores.ts'

/** A recorded lesson, with what its buttons need: they stay in chats for years. */
export type KeptLesson = LessonDraft & {
  id: number
  /** The job whose messages the lesson has now. */
  jobId: number
  /** The learner as of today. */
  learner: Learner
  starsEarned: number
  bonusStars: number
  messages: LessonMessages
  /** The reply at a slower speed, where it has been sent. */
  slower: SlowerSpeech | null
  /** What was said first has been replaced. */
  isRetaken: boolean
}

/** A sound that Telegram has. */
export type SlowerSpeech = { fileId: string; form: 'voice' | 'file' }

export type Search =
  | { kind: 'found'; lesson: KeptLesson }
  /** The lesson's job has not recorded it yet. */
  | { kind: 'under-way' }
  /** The lesson is another person's, withdrawn, deleted, or was never there. */
  | { kind: 'none' }

export type KeptLessons = {
  /** Finds a learner's lesson by the job whose messages it has now. */
  find(jobId: number, telegramId: number): Promise<Search>
  // What is kept belongs to the reply it was made of: nothing is where another reply has taken its place meanwhile.
  keepTranslation(fence: Fence, lesson: ReplyKey, replyTranslation: string): Promise<void>
  keepReadyAnswers(fence: Fence, lesson: ReplyKey, readyAnswers: readonly NewWord[]): Promise<void>
  keepSlower(fence: Fence, lesson: ReplyKey, slower: SlowerSpeech): Promise<void>
}

/** A lesson as long as it has this job's reply. */
export type ReplyKey = Pick<KeptLesson, 'id' | 'jobId'>

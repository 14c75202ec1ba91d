import type { Advance, Progress } from '../../domain/learner/progress.ts'
import type { LessonKind, Mistake, NewWord, Turn } from '../../domain/lesson/lesson.ts'
import type { Fence } from '../jobs/job.ts'

/** Everything of a lesson but what recording it decides. */
export type LessonDraft = {
  learnerId: number
  /** The learner's local day, `YYYY-MM-DD`. */
  day: string
  kind: LessonKind
  said: string
  reply: string
  correctedText: string
  mistakes: Mistake[]
  suggestion: string
  newWords: NewWord[]
  score: number
  wordsTotal: number
  wordsCorrect: number
  /** Length of the learner's audio; 0 for text. */
  durationSeconds: number
  /** What the paid steps known by now have cost, in millionths of a US dollar. */
  costMicroUsd: number
}

export type RecordedLesson = LessonDraft & {
  id: number
  starsEarned: number
  bonusStars: number
  progress: Progress
  /** Lessons of that day, this one counted. */
  lessonsOnDay: number
}

/** Where a learner stands, and by which version of their row that can be told. */
export type Standing = {
  before: Progress
  /** Another one as soon as anything in the learner's row has changed. */
  version: string
  /** The lesson that this job has become already. */
  recordedId: number | null
  /** Of the draft's day; of the recorded lesson's day, up to it, where there is one. */
  lessonsOnDay: number
}

export type Lessons = {
  /** The newest exchanges, oldest first. */
  recent(learnerId: number, count: number): Promise<Turn[]>
  /** Where the learner stands before a lesson of that day. */
  standing(fence: Fence, lesson: { learnerId: number; day: string }): Promise<Standing>
  /**
   * Records a lesson once per job, all at once: `advance` runs on the learner as they are when it is
   * written, and again where they have changed by then. Called again for the same job it returns what it
   * recorded. `standing`, where the caller has it, saves reading it again.
   */
  record(
    fence: Fence,
    draft: LessonDraft,
    advance: (before: Progress, lessonsOnDay: number) => Advance,
    standing?: Standing,
  ): Promise<RecordedLesson>
  /** Tells whether a job has become a lesson. */
  isRecorded(jobId: number): Promise<boolean>
  /** Adds what speaking the reply has cost, once per lesson: it is known only after recording. */
  addSpeechCost(fence: Fence, microUsd: number): Promise<void>
}

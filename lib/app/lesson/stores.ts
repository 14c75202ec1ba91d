import type { Character, VoiceSpeed } from '../../domain/learner/learner.ts'
import type { Advance, Progress } from '../../domain/learner/progress.ts'
import type { LessonKind, Mistake, NewWord, PastLesson } from '../../domain/lesson/lesson.ts'
import type { Fence } from '../jobs/job.ts'
import type { Account } from '../usage.ts'

/** A lesson before it is recorded: what recording it decides is missing. */
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
  /** Empty above the first steps. */
  replyTranslation: string
  /** None above the first steps. */
  readyAnswers: NewWord[]
  /** Words that were probably misheard, as spelled: neither graded nor corrected. */
  doubtfulWords: string[]
  /** False where the tutor's correction was not to be believed: then the score is 0 and says nothing. */
  graded: boolean
  score: number
  wordsTotal: number
  wordsCorrect: number
  /** Length of the learner's audio; 0 for text. */
  durationSeconds: number
}

export type RecordedLesson = LessonDraft & {
  id: number
  starsEarned: number
  bonusStars: number
  progress: Progress
  /** Lessons of that day, this one counted. */
  lessonsOnDay: number
  /** What its job had been charged when it was recorded. */
  account: Account
  /** The lane of the job that was stored with it, to look for facts; null where none was. */
  memoryLane: string | null
}

/** What a lesson goes on from. */
export type Past = {
  /** The last lessons, oldest first. */
  history: PastLesson[]
  /** What the learner has told about themselves, in their language, oldest first. */
  facts: string[]
}

/** Where the messages of a lesson are in its chat, and how its reply was spoken: what its buttons need years later. */
export type LessonMessages = {
  verdict: { messageId: number; progress: ShownProgress } | null
  reply: ReplyMessage | null
}

/** What a verdict says of the learner's day. */
export type ShownProgress = { totalStars: number; streak: number; lessonsOnDay: number }

export type ReplyMessage = {
  messageId: number
  /** A voice note, the same sound as a file, or the reply in writing. */
  form: 'voice' | 'file' | 'text'
  fileId: string | null
  speed: VoiceSpeed
  character: Character
}

/** Where a learner stands, as one version of their row has it. */
export type Standing = {
  progress: Progress
  /** Changes with any change of the learner's row. */
  version: string
  /** The lesson that this job has been recorded as; null where it has not been. */
  recordedId: number | null
  /** Of the day that was asked for; of the recorded lesson's day, up to that lesson, where there is one. */
  lessonsOnDay: number
}

export type Lessons = {
  /** The newest lessons, of those before another one if given, and what is remembered of the learner. */
  recent(learnerId: number, count: number, until?: { beforeLessonId: number }): Promise<Past>
  /** Where the learner stands before a lesson of that day. */
  standing(fence: Fence, lesson: { learnerId: number; day: string }): Promise<Standing>
  /**
   * Records a lesson once per job, all of it or nothing: `advance` runs on the learner's progress, and again where
   * that has changed before the write. Called again for the same job it returns the recorded lesson. A `standing`
   * that the caller has read saves reading it again.
   */
  record(
    fence: Fence,
    draft: LessonDraft,
    advance: (progress: Progress, lessonsOnDay: number) => Advance,
    standing?: Standing,
  ): Promise<RecordedLesson>
  /** Tells whether a job has become a lesson, or has replaced what was said in one. */
  isRecorded(jobId: number): Promise<boolean>
  /**
   * Notes on the job's lesson what its speech has cost by now and where its messages are, and returns what all of the
   * job has cost. `isLesson` is false where the lesson has been withdrawn or replaced meanwhile.
   */
  addSpeechCost(
    fence: Fence,
    messages?: LessonMessages,
  ): Promise<{ account: Account; isLesson: boolean }>
}

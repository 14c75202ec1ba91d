import type { Edit } from '../../domain/diff/word-diff.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { Breaker } from '../jobs/breaker.ts'
import type { Wake } from '../jobs/inbox.ts'
import type { Log, Now } from '../ports.ts'
import type { Quota } from './quota.ts'
import type { Speaker, Speech } from './speaker.ts'
import type { Lessons, RecordedLesson } from './stores.ts'
import type { ReplySoFar, Tutor } from './tutor.ts'

/** What every lesson needs of the world. */
export type LessonDeps = {
  lessons: Lessons
  quota: Quota
  breaker: Breaker
  tutor: Tutor
  speaker: Speaker
  wake: Wake
  now: Now
  log: Log
}

/** A lesson as it is told to the learner. */
export type TaughtLesson = RecordedLesson & {
  /** The changes to show: what was said to what is correct. */
  edits: Edit[]
  /** The streak of today, this lesson counted. */
  streak: number
  challenge: { completed: boolean; needed: number }
}

/** Whoever the lesson is for hears of it here, while it happens. */
export type Audience = {
  /** What was heard, at once. */
  transcript(text: string): Promise<void>
  /** The reply while it is written. */
  reply(reply: ReplySoFar): void
  /** The bytes of the voice note in order, as they are there, and never before the reply is complete. */
  speechChunk(ogg: Uint8Array): void
  /** The verdict, as soon as the lesson is recorded. */
  verdict(lesson: TaughtLesson): Promise<void>
  /** The reply as soon as it is spoken; null where it could not be. */
  speech(speech: Speech | null, reply: string): Promise<void>
}

export type LessonOutcome =
  | { kind: 'taught'; lesson: TaughtLesson; speech: Speech | null; languages: string[] }
  | LessonRefusal

/** What a learner can cause; none of these takes a place in the day's plan. */
export type LessonRefusal =
  | { kind: 'voice-too-long'; seconds: number }
  | { kind: 'voice-too-big' }
  | { kind: 'voice-expired' }
  | { kind: 'not-audio' }
  | { kind: 'text-too-short' }
  | { kind: 'text-too-long'; length: number }
  | { kind: 'silence' }
  | { kind: 'other-language'; lessonKind: LessonKind; language: string | null }
  | { kind: 'refused' }
  | { kind: 'quota-used-up'; lessonKind: LessonKind; limit: number; secondsLeft: number }
  | { kind: 'unheard-used-up'; secondsLeft: number }
  | { kind: 'budget-used-up' }

/** What was said, on which of the learner's days, and how it is to be answered. */
export type Utterance = {
  kind: LessonKind
  learner: Learner
  day: string
  text: string
  /** ISO 639-1 as detected. */
  languages: string[]
  /** Of the learner's audio; 0 for text. */
  durationSeconds: number
  /** What hearing it has cost. */
  costMicroUsd: number
  wantsVoice: boolean
}

/** How many earlier exchanges the tutor remembers. */
export const HISTORY_TURNS = 10

import type { Edit } from '../../domain/diff/word-diff.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import type { LessonKind, NewWord } from '../../domain/lesson/lesson.ts'
import type { Breaker } from '../jobs/breaker.ts'
import type { Wake } from '../jobs/inbox.ts'
import type { Log, Now } from '../ports.ts'
import type { Quota } from './quota.ts'
import type { Speaker, Speech } from './speaker.ts'
import type { LessonMessages, Lessons, RecordedLesson } from './stores.ts'
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

/** A lesson as the learner sees it. */
export type TaughtLesson = RecordedLesson & {
  /** The changes to show: what was said to what is correct. */
  edits: Edit[]
  /** The streak of today, this lesson counted. */
  streak: number
  challenge: { completed: boolean; needed: number }
  /** How many lessons of its kind the day has left; undefined of a lesson that is shown again. */
  lessonsLeft?: number
  /** The day's budget has no speech left for its reply. */
  isSpared?: boolean
}

/** The learner, or the client of the lesson API: gets each part of a lesson as soon as it is there. */
export type Audience = {
  /** The recogniser's text, before the tutor answers. */
  transcript(text: string): Promise<void>
  /** The reply so far, each time that more of it is written. */
  reply(reply: ReplySoFar): void
  /** The next bytes of the reply's speech; none comes before the reply is complete. */
  speechChunk(ogg: Uint8Array): void
  /** The verdict, as soon as the lesson is recorded. */
  verdict(lesson: TaughtLesson): Promise<void>
  /** The answer to a question in another language, which is no lesson. */
  answer(answer: { said: string; reply: string; newWords: NewWord[] }): Promise<void>
  /** The whole speech of the reply; null where the reply cannot be spoken, or `isSpared`: the day's budget has no speech left. */
  speech(speech: Speech | null, reply: SpokenReply & { isSpared?: boolean }): Promise<void>
  /** Where what it was sent can be found again, if it is a chat. */
  messages?(): LessonMessages
  /** Takes the buttons from a reply whose lesson was withdrawn or replaced while it was spoken. */
  disarmReply?(): Promise<void>
  /** Of a learner who tries first: only they are given hints. */
  tryFirst?: TryFirst
}

/** Shows a hint in the place of the verdict, and keeps the reply's speech until what comes next has decided. */
export type TryFirst = {
  hint(lesson: TaughtLesson, hint: string): Promise<void>
  /** Null and `isSpared` as where it is sent. */
  hold(speech: Speech | null, reply: { isSpared: boolean }): void
}

/** `isLesson` is false for the answer to a question in another language. */
export type SpokenReply = { text: string; isLesson: boolean }

export type LessonOutcome =
  | { kind: 'taught'; lesson: TaughtLesson; speech: Speech | null; languages: string[] }
  | AnsweredQuestion
  | LessonRefusal

/** A question for Czech words in another language: answered in Czech, and no lesson. `language` is its ISO 639-1 code. */
export type AnsweredQuestion = { kind: 'answered'; reply: string; language: string }

/** What a learner can cause; none of these takes a place in the day's plan. */
export type LessonRefusal =
  | { kind: 'voice-too-long'; seconds: number }
  | { kind: 'voice-too-big' }
  | { kind: 'voice-expired' }
  /** Damaged, or of a format that is not played here, by its name. */
  | { kind: 'not-audio'; format?: string }
  | { kind: 'text-too-short' }
  | { kind: 'text-too-long'; length: number }
  | { kind: 'silence' }
  | { kind: 'other-language'; lessonKind: LessonKind; language: string | null }
  | { kind: 'refused' }
  /** The tutor's answer could not be used, and another one would not be better. */
  | { kind: 'unanswerable' }
  | {
      kind: 'quota-used-up'
      lessonKind: LessonKind
      limit: number
      otherLeft: number
      secondsLeft: number
    }
  | { kind: 'unheard-used-up'; secondsLeft: number }
  | { kind: 'budget-used-up' }
  | { kind: 'own-budget-used-up'; secondsLeft: number }

/** What the learner said or wrote in one message, on which of their days, and how it is to be answered. */
export type Utterance = {
  kind: LessonKind
  learner: Learner
  day: string
  text: string
  /** ISO 639-1 as detected. */
  languages: string[]
  /** Words that the recogniser was not sure to have heard. */
  unsureWords?: readonly string[] | undefined
  /** Of the learner's audio; 0 for text. */
  durationSeconds: number
  wantsVoice: boolean
}

/** How many lessons are looked back on to find what to practise next. */
export const RECENT_LESSONS = 20
/** How many of these exchanges the tutor is reminded of. */
export const HISTORY_TURNS = 10

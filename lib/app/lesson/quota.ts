import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { Thrift } from '../../domain/lesson/thrift.ts'
import type { Fence } from '../jobs/job.ts'
import type { Stage } from '../usage.ts'

/** The answer to a request for a place in the day's plan. */
export type Reservation =
  /**
   * `probe`: the provider had no quota left, and this lesson finds out whether it has again. `lessonsLeft`: how many of its
   * kind the day has left behind it. `thrift`: how it has to save, the same at each run of the job.
   */
  | { kind: 'reserved'; probe: boolean; lessonsLeft: number; thrift: Thrift }
  /** `otherLeft`: what the day has left of the other kind. */
  | { kind: 'quota-used-up'; limit: number; otherLeft: number }
  | { kind: 'unheard-used-up' }
  /** All learners' budget of the UTC day is used up. */
  | { kind: 'budget-used-up' }
  /** The learner's own budget of their day is used up. */
  | { kind: 'own-budget-used-up' }
  | { kind: 'provider-exhausted'; retryAfterMs: number }

/** What is paid for beside the plan: an aside of a lesson, a message that becomes no lesson of its own, or looking for facts. */
export type ReservationBeside =
  | { kind: 'reserved'; thrift: Thrift }
  /** The learner's requests of this kind are used up for the day. */
  | { kind: 'used-up' }
  | { kind: 'budget-used-up' }
  | { kind: 'own-budget-used-up' }
  /** An operator has to put the provider right. */
  | { kind: 'provider-exhausted' }

export type RequestBeside = {
  learnerId: number
  day: string
  kind: 'aside' | 'unheard' | 'memory'
  /** The stages whose providers it asks. */
  stages: readonly Stage[]
  /** What the day's budget holds back for it, in millionths of a US dollar. */
  estimateMicroUsd: number
}

export type Plan = Readonly<Record<LessonKind, number>>

export type Quota = {
  /** Lessons a day, by kind. */
  plan: Plan
  /**
   * Takes a place in the learner's day before the first paid call; the same job keeps its place.
   *
   * Throws 'budget-held-back' where what is left of a budget is held back for jobs under way: most of it comes back, so the
   * job waits.
   */
  reserve(
    fence: Fence,
    place: { learnerId: number; day: string; kind: LessonKind },
  ): Promise<Reservation>
  /** Counts what takes no place of the plan, and holds its estimate back, before its first paid call; once a job. Throws as `reserve` does. */
  reserveBeside(fence: Fence, request: RequestBeside): Promise<ReservationBeside>
  /**
   * Frees the place of a job that has become no lesson; true where it was paid for, which then counts one utterance
   * against the cap on those without a lesson. Everything charged must be stored by now.
   */
  endWithoutLesson(fence: Fence): Promise<boolean>
}

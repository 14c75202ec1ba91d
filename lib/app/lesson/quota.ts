import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { Fence } from '../jobs/job.ts'

/** The answer to a request for a place in the day's plan. */
export type Reservation =
  /**
   * `probe`: the provider had no quota left, and this lesson finds out whether it has again. `lessonsLeft`: how many of its
   * kind the day has left behind it.
   */
  | { kind: 'reserved'; probe: boolean; lessonsLeft: number }
  /** `otherLeft`: what the day has left of the other kind. */
  | { kind: 'quota-used-up'; limit: number; otherLeft: number }
  | { kind: 'unheard-used-up' }
  | { kind: 'budget-used-up' }
  | { kind: 'provider-exhausted'; retryAfterMs: number }

export type Plan = Readonly<Record<LessonKind, number>>

export type Quota = {
  /** Lessons a day, by kind. */
  plan: Plan
  /** Takes a place in the learner's day before the first paid call; the same job keeps its place. */
  reserve(
    fence: Fence,
    place: { learnerId: number; day: string; kind: LessonKind },
  ): Promise<Reservation>
  /**
   * Frees the place of a job that has become no lesson; true where it was paid for, which then counts one utterance
   * against the cap on those without a lesson. Everything charged must be stored by now.
   */
  endWithoutLesson(fence: Fence): Promise<boolean>
}

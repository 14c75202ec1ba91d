import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { Fence } from '../jobs/job.ts'

/** What asking for a place in the day's plan found. */
export type Reservation =
  /** `probe`: the provider had no quota left; this lesson is the one to find out whether it has again. */
  | { kind: 'reserved'; probe: boolean }
  | { kind: 'quota-used-up'; limit: number }
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
  /** Gives the place back: what was said costs nothing. */
  giveBack(fence: Fence): Promise<void>
  /**
   * Turns the place into one that heard nothing: no quota, but counted against the cap on those.
   * `costMicroUsd` is what finding that out has cost.
   */
  countAsUnheard(fence: Fence, costMicroUsd: number): Promise<void>
}

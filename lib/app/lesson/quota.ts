import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { Fence } from '../jobs/job.ts'

/** The answer to a request for a place in the day's plan. */
export type Reservation =
  /** `probe`: the provider had no quota left, and this lesson finds out whether it has again. */
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
  /** Frees the place: the lesson was refused before anything was paid. */
  giveBack(fence: Fence): Promise<void>
  /**
   * Frees the place and counts one utterance without Czech, against the cap on those.
   * `costMicroUsd` is what finding that out has cost.
   */
  countAsUnheard(fence: Fence, costMicroUsd: number): Promise<void>
}

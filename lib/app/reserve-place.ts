import { secondsUntilNextDay } from '../domain/day.ts'
import type { Learner } from '../domain/learner.ts'
import { AppError } from './error.ts'
import type { LessonRefusal } from './lesson.ts'
import type { JobRun, LessonKind, Now, Quota } from './ports.ts'

/**
 * Takes a place in the learner's day before anything is paid for, or says why there is none.
 *
 * Throws 'provider-quota-exhausted' while the provider has none for anybody: the job waits.
 */
export async function reservePlace(
  { quota, now }: { quota: Quota; now: Now },
  run: JobRun,
  learner: Learner,
  day: string,
  kind: LessonKind,
): Promise<{ kind: 'reserved'; probe: boolean } | LessonRefusal> {
  const place = await quota.reserve(run.job, { learnerId: learner.id, day, kind })
  const secondsLeft = secondsUntilNextDay(now(), learner.timeZone)
  switch (place.kind) {
    case 'reserved':
    case 'budget-used-up':
      return place
    case 'quota-used-up':
      return { kind: 'quota-used-up', lessonKind: kind, limit: place.limit, secondsLeft }
    case 'unheard-used-up':
      return { kind: 'unheard-used-up', secondsLeft }
    case 'provider-exhausted':
      throw new AppError(
        'provider-quota-exhausted',
        'The provider had no quota left when last asked.',
        {
          retryAfterMs: place.retryAfterMs,
        },
      )
  }
}

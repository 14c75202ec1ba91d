import { dayAt, dayEndAt } from '../../domain/learner/calendar.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import type { LessonKind } from '../../domain/lesson/lesson.ts'
import { AppError } from '../error.ts'
import type { Breaker } from '../jobs/breaker.ts'
import type { Wake } from '../jobs/inbox.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Log, Now } from '../ports.ts'
import type { Stage } from '../usage.ts'
import type { LessonRefusal } from './lesson.ts'
import type { Quota, Reservation } from './quota.ts'

/**
 * Takes a place in the learner's day before anything is paid for, or says why there is none.
 *
 * Throws 'provider-parked' while an operator has to put a provider right: the job waits.
 */
export async function reservePlace(
  { quota, now, log }: { quota: Quota; now: Now; log: Log },
  run: JobRun,
  learner: Learner,
  day: string,
  kind: LessonKind,
): Promise<(Reservation & { kind: 'reserved' }) | LessonRefusal> {
  const place = await quota.reserve(run.job, { learnerId: learner.id, day, kind })
  // A message that was held back over midnight belongs to a day that is over: the next has begun.
  const secondsLeft = () => {
    const instant = now()
    if (dayAt(learner, instant) > day) return 0
    return Math.ceil((dayEndAt(learner, instant).getTime() - instant.getTime()) / 1000)
  }
  switch (place.kind) {
    case 'reserved':
      return place
    case 'budget-used-up':
      log.warn('budget_used_up', { job_id: run.job.id, learner_id: learner.id })
      return place
    case 'own-budget-used-up':
      return { kind: 'own-budget-used-up', secondsLeft: secondsLeft() }
    case 'quota-used-up':
      return {
        kind: 'quota-used-up',
        lessonKind: kind,
        limit: place.limit,
        otherLeft: place.otherLeft,
        secondsLeft: secondsLeft(),
      }
    case 'unheard-used-up':
      return { kind: 'unheard-used-up', secondsLeft: secondsLeft() }
    case 'provider-exhausted':
      throw new AppError('provider-parked', 'An operator has to put the provider right.', {
        retryAfterMs: place.retryAfterMs,
      })
  }
}

/** Closes the breakers of stages whose providers have answered a probing lesson, and wakes the parked lanes. */
export async function endProbe(
  { breaker, wake }: { breaker: Breaker; wake: Wake },
  { probe }: { probe: boolean },
  stages: readonly Stage[],
): Promise<void> {
  if (probe) for (const lane of await breaker.close(stages)) wake(lane, 'lesson')
}

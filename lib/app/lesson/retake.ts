import { starsAfterRetake, withoutDay } from '../../domain/learner/withdrawal.ts'
import { LESSON_ESTIMATE_MICRO_USD } from '../../domain/lesson/prices.ts'
import { isRepeated } from '../../domain/lesson/repetition.ts'
import type { JobRun } from '../jobs/job.ts'
import { TIMINGS } from '../jobs/timings.ts'
import type { KeptLesson } from './kept-lessons.ts'
import type { Quota, Reservation } from './quota.ts'
import type { Retakes } from './retakes.ts'
import type { Lessons, Past } from './stores.ts'
import type { VoiceDeps } from './take-voice.ts'
import { wordsSurelySaid } from './teach.ts'

export type RetakeDeps = VoiceDeps & { retakes: Retakes }

/** What of a lesson its replacement needs, as it was before. */
export type ReplacedLesson = Pick<KeptLesson, 'id' | 'day' | 'starsEarned' | 'bonusStars'>

/**
 * The dependencies by which a lesson is taught in another one's place: it takes no place of the plan, but counts against
 * the cap on messages without a lesson; the tutor is reminded of what was said before that lesson; and recording puts its
 * content and its stars into that lesson's, whose day and streak stay.
 */
export function retakeDeps(deps: RetakeDeps, replacedLesson: ReplacedLesson): VoiceDeps {
  return {
    ...deps,
    quota: { ...deps.quota, reserve: reserveBesidePlan(deps.quota) },
    lessons: inPlaceOf(deps, replacedLesson),
  }
}

function reserveBesidePlan(quota: Quota): Quota['reserve'] {
  return async (fence, { learnerId, day, kind }): Promise<Reservation> => {
    const reservation = await quota.reserveBeside(fence, {
      learnerId,
      day,
      kind: 'unheard',
      stages: kind === 'voice' ? ['transcribe', 'reply'] : ['reply'],
      estimateMicroUsd: LESSON_ESTIMATE_MICRO_USD,
    })
    switch (reservation.kind) {
      case 'reserved':
        return { ...reservation, probe: false, lessonsLeft: Number.POSITIVE_INFINITY }
      case 'used-up':
        return { kind: 'unheard-used-up' }
      case 'provider-exhausted':
        return { kind: 'provider-exhausted', retryAfterMs: TIMINGS.probeFirstMs }
      default:
        return reservation
    }
  }
}

function inPlaceOf({ lessons, retakes }: RetakeDeps, replacedLesson: ReplacedLesson): Lessons {
  const { id, day, starsEarned } = replacedLesson
  let past: Past = { history: [], facts: [] }
  return {
    ...lessons,
    async recent(learnerId, count) {
      past = await lessons.recent(learnerId, count, { beforeLessonId: id })
      return past
    },
    standing: (fence, { learnerId }) => lessons.standing(fence, { learnerId, day }),
    async record(fence, draft, _advance, knownStanding) {
      const { learnerId } = draft
      const standing = knownStanding ?? (await lessons.standing(fence, { learnerId, day }))
      const { score, said } = draft
      const wordsSaid = wordsSurelySaid(draft)
      const result = { score, wordsSaid, isRepeated: isRepeated(said, past.history) }
      const stars = starsAfterRetake(starsEarned, result)
      return retakes.replace(fence, replacedLesson, draft, stars, standing)
    },
  }
}

/** Takes a lesson back: its stars, its place in the day, and the day where that has no other. False where it is none. */
export function withdrawLesson(
  { retakes }: { retakes: Retakes },
  run: JobRun,
  lesson: Pick<KeptLesson, 'id' | 'jobId' | 'learnerId' | 'day'>,
): Promise<boolean> {
  return retakes.withdraw(run.job, lesson, ({ progress, otherDays, lessonsLeftOnDay }) =>
    lessonsLeftOnDay > 0 ? progress : withoutDay(progress, lesson.day, otherDays),
  )
}

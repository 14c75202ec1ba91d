import { dayAt } from '../../domain/learner/calendar.ts'
import { isVoiceTooLong, MAX_VOICE_BYTES } from '../../domain/lesson/limits.ts'
import { LESSON_ESTIMATE_MICRO_USD } from '../../domain/lesson/prices.ts'
import type { JobRun } from '../jobs/job.ts'
import { hear } from './hear.ts'
import type { LessonRefusal } from './lesson.ts'
import type { Reservation } from './quota.ts'
import { endProbe, reservePlace } from './reserve-place.ts'
import type { VoiceDeps, VoiceNote } from './take-voice.ts'

/** What a voice note is that comes behind a hint; `target` is what an attempt tries to correct. */
export type HeardAttempt<Target> =
  | { kind: 'attempt'; text: string; target: Target }
  /** The learner has said something else, which is taught from the same journal: it has the transcript by now. */
  | { kind: 'lesson' }
  /** Nothing to teach: the lesson says why. */
  | { kind: 'no-czech' }
  | { kind: 'refused'; refusal: LessonRefusal }

/**
 * Hears whether a voice note is an attempt at a sentence; `claimTarget` finds the sentence by what was said and claims it.
 *
 * An attempt takes no place of the plan, but counts against the cap on messages without a lesson. Where the plan is used
 * up an attempt is heard all the same, and anything else refused.
 */
export async function hearAttempt<Target>(
  deps: VoiceDeps,
  run: JobRun,
  note: VoiceNote,
  claimTarget: (text: string) => Promise<Target | undefined>,
): Promise<HeardAttempt<Target>> {
  const isTooMuch = isVoiceTooLong(note.declaredSeconds) || note.declaredBytes > MAX_VOICE_BYTES
  if (isTooMuch) return { kind: 'no-czech' }
  const place = await reserveInAnyCase(deps, run, note)
  if (place.kind !== 'reserved') return { kind: 'refused', refusal: place }

  const hearing = await hear(deps, run, note)
  // A retry must find the same transcript: what it is taken for, and whose place is free, depend on it.
  await run.settled()
  const target = hearing.kind === 'czech' ? await claimTarget(hearing.text) : undefined
  const planRefusal = run.stored<LessonRefusal>(USED_UP)
  // Only a lesson keeps the place, and only one that the plan has.
  if (target !== undefined || planRefusal !== undefined) await endHearing(deps, run, place)

  const isCzech = hearing.kind === 'czech'
  if (isCzech && target !== undefined) return { kind: 'attempt', text: hearing.text, target }
  if (planRefusal === undefined) return { kind: isCzech ? 'lesson' : 'no-czech' }
  return { kind: 'refused', refusal: isCzech ? planRefusal : hearing.refusal }
}

/** Gives the place back, or counts it as one of a message without a lesson. */
async function endHearing(deps: VoiceDeps, run: JobRun, place: { probe: boolean }): Promise<void> {
  const isPaid = await deps.quota.endWithoutLesson(run.job)
  if (isPaid) await endProbe(deps, place, ['transcribe'])
}

/** The journal's name for why there was no place in the plan. */
const USED_UP = 'plan-used-up'

/** Takes a place in the plan, or where that is used up, one beside it, which no lesson may have. */
async function reserveInAnyCase(
  deps: VoiceDeps,
  run: JobRun,
  { learner, saidAt }: VoiceNote,
): Promise<(Reservation & { kind: 'reserved' }) | LessonRefusal> {
  const day = dayAt(learner, saidAt)
  const storedRefusal = run.stored<LessonRefusal>(USED_UP)
  const place = storedRefusal ?? (await reservePlace(deps, run, learner, day, 'voice'))
  if (place.kind !== 'quota-used-up') return place
  // A retry finds the place beside the plan, and must know what it is not for.
  run.store(USED_UP, place)
  await run.settled()
  const reservation = await deps.quota.reserveBeside(run.job, {
    learnerId: learner.id,
    day,
    kind: 'unheard',
    stages: ['transcribe'],
    estimateMicroUsd: LESSON_ESTIMATE_MICRO_USD,
  })
  if (reservation.kind === 'reserved') return { ...reservation, probe: false, lessonsLeft: 0 }
  return place
}

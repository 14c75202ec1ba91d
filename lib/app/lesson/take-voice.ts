import { dayAt } from '../../domain/learner/calendar.ts'
import { isVoiceTooLong, MAX_VOICE_BYTES } from '../../domain/lesson/limits.ts'
import { allSettledOrThrow } from '../all-settled.ts'
import type { JobRun } from '../jobs/job.ts'
import { counted } from './count-lesson.ts'
import { type HearDeps, hear, type NoCzech, type Recording } from './hear.ts'
import type { Audience, LessonDeps, LessonOutcome, LessonRefusal, Utterance } from './lesson.ts'
import { RECENT_LESSONS } from './lesson.ts'
import { logRefusal } from './log-refusal.ts'
import { endProbe, reservePlace } from './reserve-place.ts'
import { teach } from './teach.ts'

export type VoiceDeps = LessonDeps & HearDeps

export type VoiceNote = Recording & {
  saidAt: Date
  /** As its sender declares them. */
  declaredSeconds: number
  declaredBytes: number
  wantsVoice: boolean
}

/** One spoken exchange: a voice note in, the tutor's answer out. Logs why there is none. */
export async function takeVoice(
  deps: VoiceDeps,
  run: JobRun,
  note: VoiceNote,
  audience: Audience,
): Promise<LessonOutcome> {
  const outcome = await counted(run, 'voice', () => exchange(deps, run, note, audience))
  return logRefusal(deps, run, { kind: 'voice', learnerId: note.learner.id }, outcome)
}

/** The exchange itself. Reads top to bottom. */
async function exchange(
  deps: VoiceDeps,
  run: JobRun,
  note: VoiceNote,
  audience: Audience,
): Promise<LessonOutcome> {
  const { learner, wantsVoice } = note
  if (isVoiceTooLong(note.declaredSeconds)) {
    return { kind: 'voice-too-long', seconds: note.declaredSeconds }
  }
  if (note.declaredBytes > MAX_VOICE_BYTES) return { kind: 'voice-too-big' }

  const day = dayAt(learner, note.saidAt)
  const place = await reservePlace(deps, run, learner, day, 'voice')
  if (place.kind !== 'reserved') return place

  // The history does not depend on what the learner says now, so the waits overlap.
  const [hearing, past, standing] = await allSettledOrThrow([
    hear(deps, run, note),
    deps.lessons.recent(learner.id, RECENT_LESSONS),
    deps.lessons.standing(run.job, { learnerId: learner.id, day }),
  ])
  if (hearing.kind === 'no-czech') return refuse(deps, run, hearing, place)

  const utterance: Utterance = { ...hearing, kind: 'voice', learner, day, wantsVoice }
  const [, outcome] = await allSettledOrThrow([
    audience.transcript(utterance.text),
    teach(deps, run, utterance, { ...past, standing, ...place }, audience),
  ])
  return outcome
}

/** Frees the place: there is no lesson. */
async function refuse(
  deps: VoiceDeps,
  run: JobRun,
  { refusal }: NoCzech,
  place: { probe: boolean },
): Promise<LessonRefusal> {
  // A retry must find the same transcript: this run's place is free from here on.
  await run.settled()
  const isPaid = await deps.quota.endWithoutLesson(run.job)
  if (isPaid) await endProbe(deps, place, ['transcribe'])
  return refusal
}

import { dayAt } from '../../domain/learner/calendar.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { asksForCzech } from '../../domain/lesson/asked-words.ts'
import { judgeTyping } from '../../domain/lesson/hearing.ts'
import { MAX_TEXT_LENGTH, MIN_TEXT_LENGTH } from '../../domain/lesson/limits.ts'
import { storable } from '../../domain/storable.ts'
import { allSettledOrThrow } from '../all-settled.ts'
import type { JobRun } from '../jobs/job.ts'
import { counted } from './count-lesson.ts'
import type { Audience, LessonDeps, LessonOutcome, LessonRefusal, Utterance } from './lesson.ts'
import { RECENT_LESSONS } from './lesson.ts'
import { logRefusal } from './log-refusal.ts'
import { reservePlace } from './reserve-place.ts'
import { teach } from './teach.ts'

export type TextMessage = { learner: Learner; saidAt: Date; text: string; wantsVoice: boolean }

/** One written exchange: a text in, the tutor's answer out. Logs why there is none. */
export async function takeText(
  deps: LessonDeps,
  run: JobRun,
  message: TextMessage,
  audience: Audience,
): Promise<LessonOutcome> {
  const outcome = await counted(run, 'text', () => exchange(deps, run, message, audience))
  return logRefusal(deps, run, { kind: 'text', learnerId: message.learner.id }, outcome)
}

async function exchange(
  deps: LessonDeps,
  run: JobRun,
  message: TextMessage,
  audience: Audience,
): Promise<LessonOutcome> {
  const { learner, wantsVoice } = message
  const text = storable(message.text).trim()
  const refusal = refusalOfText(text)
  if (refusal !== undefined) return refusal

  const day = dayAt(learner, message.saidAt)
  const place = await reservePlace(deps, run, learner, day, 'text')
  if (place.kind !== 'reserved') return place

  const [past, standing] = await allSettledOrThrow([
    deps.lessons.recent(learner.id, RECENT_LESSONS),
    deps.lessons.standing(run.job, { learnerId: learner.id, day }),
  ])
  const utterance: Utterance = {
    kind: 'text',
    learner,
    day,
    text,
    languages: [],
    durationSeconds: 0,
    wantsVoice,
  }
  return teach(deps, run, utterance, { ...past, standing, ...place }, audience)
}

/** Why a text becomes no lesson, as far as that shows before anything is paid. */
export function refusalOfText(text: string): LessonRefusal | undefined {
  const { length } = [...text]
  if (length < MIN_TEXT_LENGTH) return { kind: 'text-too-short' }
  if (length > MAX_TEXT_LENGTH) return { kind: 'text-too-long', length }

  const hearing = judgeTyping(text)
  if (hearing.kind === 'other-language' && !asksForCzech(text))
    return { ...NOT_CZECH, language: hearing.language }
  // Emoji, digits, signs.
  return hearing.kind === 'silence' ? NOT_CZECH : undefined
}

const NOT_CZECH = { kind: 'other-language', lessonKind: 'text', language: null } as const

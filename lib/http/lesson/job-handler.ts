import { z } from 'zod'
import type { ApiKeyUses } from '../../app/api-keys.ts'
import type { JobHandler } from '../../app/jobs/handler.ts'
import type { Job, JobRun } from '../../app/jobs/job.ts'
import { ANSWER } from '../../app/jobs/journal.ts'
import type { Learners } from '../../app/learner/learners.ts'
import type { Audio } from '../../app/lesson/audio.ts'
import type { AnsweredQuestion, LessonOutcome, LessonRefusal } from '../../app/lesson/lesson.ts'
import { takeText } from '../../app/lesson/take-text.ts'
import { takeVoice, type VoiceDeps } from '../../app/lesson/take-voice.ts'
import { LEVELS } from '../../domain/learner/learner.ts'
import { type Problem, problem } from '../problem.ts'
import { type LessonAnswer, lessonAnswer } from './answer.ts'
import { KeyOfJob, refusalOfKey } from './key-limits.ts'
import type { LessonListeners } from './listeners.ts'

/** The payload of a job of the lesson API; the audio is the job's attachment. */
export const LessonJob = z.object({
  learnerId: z.int(),
  text: z.string().optional(),
  includeAudio: z.boolean(),
  nativeLanguage: z.string().optional(),
  level: z.enum(LEVELS).optional(),
  /** Where its key has limits of the day. */
  key: KeyOfJob.optional(),
})
export type LessonJob = z.infer<typeof LessonJob>

/** The journal's answer of a job, which requests with the same key get again. */
export type StoredAnswer = { kind: 'lesson'; body: LessonAnswer } | Problem

export type ApiJobDeps = VoiceDeps & {
  learners: Learners
  listeners: LessonListeners
  keyUses: ApiKeyUses
}

/** Runs the lesson API's jobs. A failure is answered at once: the caller decides whether to ask again. */
export function apiJobs(deps: ApiJobDeps): JobHandler {
  return {
    async run(run) {
      const payload = LessonJob.parse(JSON.parse(new TextDecoder().decode(run.job.payload)))
      const answer = await answerTo(deps, run, payload)
      run.store(ANSWER, answer)
    },
    // The answer of the waiting request says all of it.
    onParked: async () => {},
    onDelayed: async () => {},
    onDead: async () => {},
    onSurplus: async () => {},
  }
}

async function answerTo(deps: ApiJobDeps, run: JobRun, payload: LessonJob): Promise<StoredAnswer> {
  const refusal = payload.key && (await refusalOfKey(deps, run.job, payload.key))
  return refusal ?? answerOf(await takeLesson(deps, deps.listeners.leavable(run), payload))
}

async function takeLesson(
  deps: ApiJobDeps,
  run: JobRun,
  payload: LessonJob,
): Promise<LessonOutcome> {
  const { job } = run
  const audience = deps.listeners.audienceOf(job)
  const { nativeLanguage, level, text, includeAudio: wantsVoice } = payload
  const learner = await deps.learners
    .under(job)
    .change(payload.learnerId, { nativeLanguage, level })
  const saidAt = job.receivedAt
  if (text !== undefined) {
    return takeText(deps, run, { learner, saidAt, text, wantsVoice }, audience)
  }
  const { bytes, durationSeconds } = await audioOf(deps, job)
  const download = async () => ({ kind: 'downloaded' as const, bytes })
  const declaredSize = { declaredSeconds: durationSeconds, declaredBytes: bytes.length }
  return takeVoice(deps, run, { learner, saidAt, ...declaredSize, wantsVoice, download }, audience)
}

async function audioOf({ inspectAudio }: ApiJobDeps, { id, attachment }: Job): Promise<Audio> {
  const audio = attachment && (await inspectAudio(attachment))
  if (!audio) throw new Error(`Job ${id} has neither text nor audio.`)
  return audio
}

function answerOf(outcome: LessonOutcome): StoredAnswer {
  if (outcome.kind === 'taught') return { kind: 'lesson', body: lessonAnswer(outcome) }
  return outcome.kind === 'answered' ? problemOfQuestion(outcome) : problemOfRefusal(outcome)
}

/** No lesson, and so no answer of one; with the reply. */
function problemOfQuestion({ reply, language }: AnsweredQuestion): Problem {
  const detail = 'This is a question and no lesson. Nothing was counted.'
  const members = { detected_language: language, honzik_response_text: reply }
  return problem('nothing_heard', { detail, members })
}

function problemOfRefusal(outcome: LessonRefusal): Problem {
  switch (outcome.kind) {
    case 'silence':
      return problem('nothing_heard', { detail: 'No words were heard in the audio.' })
    case 'other-language': {
      const detail = 'This is not Czech. Nothing was counted.'
      const members = { detected_language: outcome.language }
      return problem('nothing_heard', { detail, members })
    }
    case 'refused':
      return problem('refused', { detail: 'Say something else. Nothing was counted.' })
    case 'unanswerable':
      return problem('provider_failed', {
        detail: 'No answer to this could be used. Say it another way. Nothing was counted.',
      })
    case 'quota-used-up': {
      const detail = `${outcome.limit} ${outcome.lessonKind} lessons a day; new ones come with the learner's next day.`
      return problem('quota_used_up', { detail, retryAfterSeconds: outcome.secondsLeft })
    }
    case 'unheard-used-up': {
      const detail = 'Too many messages without a lesson today.'
      return problem('quota_used_up', { detail, retryAfterSeconds: outcome.secondsLeft })
    }
    case 'own-budget-used-up': {
      const detail = "The learner's budget of the day is used up."
      return problem('quota_used_up', { detail, retryAfterSeconds: outcome.secondsLeft })
    }
    case 'budget-used-up': {
      const detail = "The service's budget of the day is used up."
      return problem('quota_used_up', { detail, retryAfterSeconds: 3600 })
    }
    case 'not-audio':
    case 'voice-expired':
      return problem('unsupported_audio', { detail: 'The audio cannot be read.' })
    case 'voice-too-big':
      return problem('audio_too_large', { detail: 'The audio is too large.' })
    case 'voice-too-long':
    case 'text-too-short':
    case 'text-too-long':
      return problem('invalid_request', { detail: `The lesson was refused: ${outcome.kind}.` })
  }
}

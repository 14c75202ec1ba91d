import { z } from 'zod'
import type { JobHandler } from '../../app/jobs/drain.ts'
import type { Job, JobRun } from '../../app/jobs/job.ts'
import type { Learners } from '../../app/learner/learners.ts'
import type { Audio } from '../../app/lesson/audio.ts'
import type { LessonOutcome, LessonRefusal } from '../../app/lesson/lesson.ts'
import { takeText } from '../../app/lesson/take-text.ts'
import { takeVoice, type VoiceDeps } from '../../app/lesson/take-voice.ts'
import { LEVELS } from '../../domain/learner/learner.ts'
import type { ProblemCode, ProblemDetails } from '../problem.ts'
import { type LessonAnswer, lessonAnswer } from './answer.ts'
import { ANSWER, type LessonListeners } from './listeners.ts'

/** What a job of the lesson API is asked to do; its audio is the job's attachment. */
export const ApiJob = z.object({
  learnerId: z.int(),
  text: z.string().optional(),
  includeAudio: z.boolean(),
  nativeLanguage: z.string().optional(),
  level: z.enum(LEVELS).optional(),
})
export type ApiJob = z.infer<typeof ApiJob>

/** What the job remembers as its answer, for as long as it is replayed. */
export type StoredAnswer =
  | { kind: 'lesson'; body: LessonAnswer }
  | { kind: 'problem'; code: ProblemCode; details: ProblemDetails }

export type ApiJobDeps = VoiceDeps & { learners: Learners; listeners: LessonListeners }

/** Runs the lesson API's jobs. A failure is told to the caller at once, who then asks again. */
export function apiJobs(deps: ApiJobDeps): JobHandler {
  return {
    retriesFailures: false,
    async run(run) {
      const asked = ApiJob.parse(JSON.parse(new TextDecoder().decode(run.job.payload)))
      const outcome = await lesson(deps, deps.listeners.leavable(run), asked)
      await run.once(ANSWER, async () => answerTo(outcome))
    },
    // The caller reads of it in the answer.
    onParked: async () => {},
    onDelayed: async () => {},
    onDead: async () => {},
  }
}

async function lesson(deps: ApiJobDeps, run: JobRun, asked: ApiJob): Promise<LessonOutcome> {
  const { job } = run
  const audience = deps.listeners.audienceOf(job)
  const { nativeLanguage, level, text, includeAudio: wantsVoice } = asked
  const learner = await deps.learners.change(asked.learnerId, { nativeLanguage, level })
  const saidAt = job.receivedAt
  if (text !== undefined) {
    return takeText(deps, run, { learner, saidAt, text, wantsVoice }, audience)
  }
  const { bytes, durationSeconds } = await audioOf(deps, job)
  const download = async () => ({ kind: 'downloaded' as const, bytes })
  const declared = { declaredSeconds: durationSeconds, declaredBytes: bytes.length }
  return takeVoice(deps, run, { learner, saidAt, ...declared, wantsVoice, download }, audience)
}

async function audioOf({ inspectAudio }: ApiJobDeps, { id, attachment }: Job): Promise<Audio> {
  const audio = attachment && (await inspectAudio(attachment))
  if (!audio) throw new Error(`Job ${id} has neither text nor audio.`)
  return audio
}

function answerTo(outcome: LessonOutcome): StoredAnswer {
  return outcome.kind === 'taught'
    ? { kind: 'lesson', body: lessonAnswer(outcome) }
    : { kind: 'problem', ...refusal(outcome) }
}

function refusal(outcome: LessonRefusal): { code: ProblemCode; details: ProblemDetails } {
  switch (outcome.kind) {
    case 'silence':
      return { code: 'nothing_heard', details: { detail: 'No words were heard in the audio.' } }
    case 'other-language': {
      const detail = 'This is not Czech. Nothing was counted.'
      const members = { detected_language: outcome.language }
      return { code: 'nothing_heard', details: { detail, members } }
    }
    case 'refused':
      return { code: 'refused', details: { detail: 'Say something else. Nothing was counted.' } }
    case 'quota-used-up': {
      const detail = `${outcome.limit} ${outcome.lessonKind} lessons a day; new ones come with the learner's next day.`
      return { code: 'quota_used_up', details: { detail, retryAfterSeconds: outcome.secondsLeft } }
    }
    case 'unheard-used-up': {
      const detail = 'Too many recordings without Czech in them today.'
      return { code: 'quota_used_up', details: { detail, retryAfterSeconds: outcome.secondsLeft } }
    }
    case 'budget-used-up': {
      const detail = "The service's budget of the day is used up."
      return { code: 'quota_used_up', details: { detail, retryAfterSeconds: 3600 } }
    }
    case 'not-audio':
    case 'voice-expired':
      return { code: 'unsupported_audio', details: { detail: 'The audio cannot be read.' } }
    case 'voice-too-big':
      return { code: 'audio_too_large', details: { detail: 'The audio is too large.' } }
    case 'voice-too-long':
    case 'text-too-short':
    case 'text-too-long':
      return {
        code: 'invalid_request',
        details: { detail: `The lesson was refused: ${outcome.kind}.` },
      }
  }
}

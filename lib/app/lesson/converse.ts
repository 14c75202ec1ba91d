import { createHash } from 'node:crypto'
import { isOtherLanguage } from '../../domain/lesson/hearing.ts'
import { MAX_SPOKEN_LENGTH } from '../../domain/lesson/limits.ts'
import { hasCode } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Log } from '../ports.ts'
import type { Audience } from './lesson.ts'
import { NOT_WANTED, type SpeechAhead, speakAhead } from './speak-ahead.ts'
import type { Speaker, Speech, Voice } from './speaker.ts'
import type { ReplySoFar, Tutor, TutorAnswer, TutorRequest } from './tutor.ts'
import type { Usage } from './usage.ts'

export type PaidAnswer = { answer: TutorAnswer; usage: Usage[] }

export type Exchange = {
  /** The whole answer, corrections included; null where the tutor declines to talk about what was said. */
  answer: Promise<PaidAnswer | null>
  /** The reply, as soon as it is spoken and there is a lesson that it belongs to; null where there is none. */
  reply: Promise<ReplyWithSpeech | null>
}

/** `speech` is null where it is not wanted or cannot be spoken. */
export type ReplyWithSpeech = { reply: string; speech: Speech | null }

type ConverseDeps = { tutor: Tutor; speaker: Speaker; log: Log }

/** Keeps a reply that goes out before its corrections are there. */
const GIVEN = 'given'

/**
 * Lets the tutor answer and speak at once: each sentence is spoken as soon as it is written, while the rest
 * and the corrections still stream. All of the lesson's overlap with the providers is here.
 */
export function converse(
  deps: ConverseDeps,
  run: JobRun,
  request: TutorRequest,
  voice: Voice | null,
  audience: Pick<Audience, 'reply' | 'speechChunk'>,
): Exchange {
  const ahead = voice && speakAhead(deps.speaker, run, voice)
  const reply = Promise.withResolvers<string>()
  const isLesson = Promise.withResolvers<boolean>()
  function follow(written: ReplySoFar): void {
    if (written.saidLanguage !== undefined) {
      isLesson.resolve(!isOtherLanguage(written.saidLanguage))
      return
    }
    audience.reply(written)
    ahead?.follow(written)
    if (written.isComplete) reply.resolve(written.text)
  }

  const given = run.stored<string>(GIVEN)
  const answered = run.once('reply', () =>
    deps.tutor.answer(request, follow, run.signal, given).catch(declined),
  )
  if (given !== undefined) {
    reply.resolve(given)
    isLesson.resolve(true)
  }
  // What an earlier run was answered comes without streaming.
  answered.then(
    (all) => {
      if (all !== null) reply.resolve(all.answer.reply)
      isLesson.resolve(all !== null && !isOtherLanguage(all.answer.saidLanguage))
    },
    (error: unknown) => {
      reply.reject(error)
      isLesson.reject(error)
    },
  )

  const spoken = reply.promise.then(
    (text) => voice && ahead && speak(deps, run, { text, voice, ahead, audience }),
  )
  const replied = isLesson.promise.then(async (isOne) => {
    if (!isOne) return null
    const [text, speech] = await Promise.all([reply.promise, spoken])
    // A retry must correct what goes with the very reply that has been heard, or read.
    if (voice !== null) run.store(GIVEN, text)
    return { reply: text, speech }
  })
  // A failed answer is reported by `answered`: nobody may be waiting for the others by then.
  spoken.catch(() => ahead?.stop())
  // What is being spoken when the corrections fail is cut off with the run: it has not failed.
  replied.then((heard) => heard ?? ahead?.stop()).catch(() => {})
  return { answer: answered, reply: replied }
}

/** Remembered as well: a retry of the job, whose place is given up by then, must not become a lesson. */
function declined(error: unknown): null {
  if (hasCode(error, 'provider-refused')) return null
  throw error
}

/** Whatever goes wrong with speaking costs the voice, not the lesson. */
async function speak(
  { speaker, log }: ConverseDeps,
  run: JobRun,
  {
    text,
    voice,
    ahead,
    audience,
  }: { text: string; voice: Voice; ahead: SpeechAhead; audience: Pick<Audience, 'speechChunk'> },
): Promise<Speech | null> {
  if (text.length > MAX_SPOKEN_LENGTH) {
    ahead.stop()
    log.warn('reply_too_long', { job_id: run.job.id, length: text.length })
    return null
  }
  const sound = JSON.stringify([text, speaker.fingerprint(voice), voice.speedFactor])
  const hash = createHash('sha256').update(sound).digest('hex').slice(0, 32)
  return run.once(`speak:${hash}`, () =>
    ahead.of(text, audience.speechChunk).catch((error: unknown) => {
      // To be spoken by whoever goes on with the job.
      if (run.signal.aborted || hasCode(error, 'client-left', 'lease-lost')) throw error
      // Remembered as well: a retry of the job must not speak what has been sent in writing.
      if (error !== NOT_WANTED) log.error('speech_failed', { job_id: run.job.id, error })
      return null
    }),
  )
}

import { createHash } from 'node:crypto'
import { MAX_SPOKEN_LENGTH } from '../domain/limits.ts'
import { hasCode } from './error.ts'
import type { JobRun } from './job-ports.ts'
import type {
  Log,
  Speaker,
  SpokenReply,
  Tutor,
  TutorAnswer,
  TutorRequest,
  Usage,
  Voice,
} from './ports.ts'

export type Answered = { answer: TutorAnswer; usage: Usage[] }

export type Exchange = {
  /** The whole answer, corrections included; null where the tutor declines to talk about what was said. */
  answered: Promise<Answered | null>
  /** The reply as sound; null where it is not wanted or cannot be spoken. */
  spoken: Promise<SpokenReply | null>
}

/**
 * Lets the tutor answer and speak at once: speech begins when the reply is complete, while the
 * corrections still stream. All of the lesson's overlap with the providers is here.
 */
export function converse(
  deps: { tutor: Tutor; speaker: Speaker; log: Log },
  run: JobRun,
  request: TutorRequest,
  voice: Voice | null,
): Exchange {
  const reply = Promise.withResolvers<string>()
  const answered = run.once('reply', () =>
    deps.tutor.answer(request, reply.resolve, run.signal).catch(declined),
  )
  // What an earlier run was answered comes without streaming. Where there is no answer, nobody waits for
  // the speech.
  answered.then((given) => given && reply.resolve(given.answer.reply), reply.reject)

  const spoken = reply.promise.then((text) => {
    if (voice === null) return null
    if (text.length <= MAX_SPOKEN_LENGTH) return speak(deps, run, text, voice)
    deps.log.warn('reply_too_long', { job_id: run.job.id, length: text.length })
    return null
  })
  // A failed answer is reported by `answered`: nobody may be waiting for the speech by then.
  spoken.catch(() => {})
  return { answered, spoken }
}

/** Remembered as well: a retry of the job, whose place is given up by then, must not become a lesson. */
function declined(error: unknown): null {
  if (hasCode(error, 'provider-refused')) return null
  throw error
}

/** Whatever goes wrong with speaking costs the voice, not the lesson. */
async function speak(
  { speaker, log }: { speaker: Speaker; log: Log },
  run: JobRun,
  text: string,
  voice: Voice,
): Promise<SpokenReply | null> {
  const sound = JSON.stringify([text, speaker.fingerprint(voice), voice.speedFactor])
  const hash = createHash('sha256').update(sound).digest('hex').slice(0, 32)
  return run.once(`speak:${hash}`, () =>
    speaker.speak(text, voice, run.signal).catch((error: unknown) => {
      if (run.signal.aborted) throw error
      // Remembered as well: a retry of the job must not speak what has been sent in writing.
      log.error('speech_failed', { job_id: run.job.id, error })
      return null
    }),
  )
}

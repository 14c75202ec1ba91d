import { createHash } from 'node:crypto'
import { MAX_SPOKEN_LENGTH } from '../../domain/lesson/limits.ts'
import { hasCode } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Log } from '../ports.ts'
import type { PaidStep } from '../usage.ts'
import { NOT_WANTED, type OnChunk } from './sentence-speech.ts'
import { speakAhead } from './speak-ahead.ts'
import type { Speaker, Speech, Voice } from './speaker.ts'
import type { ReplySoFar } from './tutor.ts'

export type SpeechDeps = { speaker: Speaker; log: Log }

export type ReplySpeech = {
  /** Speaks the complete sentences of a reply that is still being written; all of it once it is complete. */
  follow(reply: ReplySoFar): void
  /** The speech of the complete reply, the same at each call; null where it cannot be spoken. */
  of(text: string): Promise<Speech | null>
  /** Ends the speech: the learner is not to hear it. */
  stop(): void
  /** Ends the speech of a reply that was never completed; leaves that of a complete one alone. */
  stopIncomplete(): void
}

/** Speaks a reply while it is being written, and stores the speech of the whole as a step of the run. */
export function speakReply(
  { speaker, log }: SpeechDeps,
  run: JobRun,
  voice: Voice,
  onChunk: OnChunk,
): ReplySpeech {
  const speechAhead = speakAhead(speaker, run, voice)
  let speech: Promise<Speech | null> | undefined

  async function speakWhole(text: string): Promise<Speech | null> {
    if (text.length > MAX_SPOKEN_LENGTH) {
      speechAhead.stop()
      log.warn('reply_too_long', { job_id: run.job.id, length: text.length })
      return null
    }
    return run.once(stepOf(text, voice, speaker), () =>
      speechAhead.of(text, onChunk).catch((error: unknown) => nullIfFailed(error, run, log)),
    )
  }

  function of(text: string): Promise<Speech | null> {
    if (speech === undefined) {
      speech = speakWhole(text)
      // Where the answer fails first, nothing else awaits the speech.
      speech.catch(() => speechAhead.stop())
    }
    return speech
  }

  return {
    follow(reply) {
      speechAhead.follow(reply)
      if (reply.isComplete) void of(reply.text)
    },
    of,
    stop: speechAhead.stop,
    stopIncomplete() {
      if (speech === undefined) speechAhead.stop()
    },
  }
}

/** A failure to speak costs the voice, not the lesson. The null is stored: the reply then goes out in writing. */
function nullIfFailed(error: unknown, run: JobRun, log: Log): null {
  // The next run of the job is to speak it.
  if (run.signal.aborted || hasCode(error, 'client-left', 'lease-lost')) throw error
  // Its provider is known to refuse: what an operator has to do was said once.
  if (hasCode(error, 'provider-parked')) log.info('speech_left_out', { job_id: run.job.id })
  else if (error !== NOT_WANTED) log.error('speech_failed', { job_id: run.job.id, error })
  return null
}

/** Names the step by all that decides how the speech sounds. */
function stepOf(text: string, voice: Voice, speaker: Speaker): PaidStep {
  const parts = JSON.stringify([text, speaker.fingerprint(voice), voice.speedFactor])
  return `speak:${createHash('sha256').update(parts).digest('hex').slice(0, 32)}`
}

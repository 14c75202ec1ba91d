import { MAX_SPOKEN_LENGTH } from '../../domain/lesson/limits.ts'
import { sentencesOf } from '../../domain/lesson/sentences.ts'
import { AppError } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import { STAGE_DEADLINES_MS } from '../jobs/timings.ts'
import type { Speaker, Speech, Voice } from './speaker.ts'
import type { ReplySoFar } from './tutor.ts'

/** Speech of a reply that is still being written. */
export type SpeechAhead = {
  /** Takes note of how far the reply is written: its complete sentences are spoken. */
  follow(reply: ReplySoFar): void
  /** The whole reply as sound; `onSound` gets the voice note's bytes as they are there. */
  of(reply: string, onSound: OnSound): Promise<Speech>
  /** Ends it where the reply will not be heard. */
  stop(): void
}

type OnSound = (ogg: Uint8Array) => void

/**
 * Speaks a reply sentence by sentence while it is being written.
 *
 * Nobody hears of it before the reply is complete: where the tutor begins anew, so does the speech. A job
 * taken up again may have its speech already, and only the whole reply tells which: it is waited for.
 */
export function speakAhead(speaker: Speaker, run: JobRun, voice: Voice): SpeechAhead {
  let speech = run.job.resumed ? undefined : beginSpeech(speaker, run, voice)
  let said = ''
  let ended = false

  function sayMore({ text, isComplete }: ReplySoFar): SentenceSpeech {
    // What begins anew may come to be the same.
    const isSame = text.startsWith(said) || (!isComplete && said.startsWith(text))
    if (!isSame) {
      speech?.stop()
      speech = undefined
      said = ''
    }
    speech ??= beginSpeech(speaker, run, voice)
    for (const sentence of sentencesOf(text.slice(said.length), { isComplete })) {
      speech.say(sentence)
      said += sentence
    }
    if (isComplete) speech.end()
    ended = isComplete
    return speech
  }

  return {
    follow(reply) {
      if (run.job.resumed) return
      if (reply.text.length > MAX_SPOKEN_LENGTH) speech?.stop()
      else sayMore(reply)
    },
    of(reply, onSound) {
      const whole = { text: reply, isComplete: true }
      const asked = reply === said && ended ? speech : undefined
      return (asked ?? sayMore(whole)).heard(onSound)
    },
    stop() {
      speech?.stop()
    },
  }
}

/** The reason for which speech ends that nobody is to hear. */
export const NOT_WANTED = new AppError('provider-failed', 'speak: the reply is not to be heard')

const TOO_SLOW = new AppError(
  'provider-timeout',
  `speak: not spoken ${STAGE_DEADLINES_MS.speak} ms after it was written`,
)

type SentenceSpeech = ReturnType<typeof beginSpeech>

/** Has the speaker ready for sentences that are still to come. */
function beginSpeech(speaker: Speaker, run: JobRun, voice: Voice) {
  const unwanted = new AbortController()
  const signal = AbortSignal.any([run.signal, unwanted.signal])
  let sentences: ReadableStreamDefaultController<string> | undefined
  const pieces = new ReadableStream<string>({
    start(controller) {
      sentences = controller
    },
  })
  const endPieces = () => sentences?.error(signal.reason)
  // A run may go on past its deadline with what it has still been answered.
  if (signal.aborted) endPieces()
  else signal.addEventListener('abort', endPieces, { once: true })

  const early: Uint8Array[] = []
  let tell: OnSound = (ogg) => void early.push(ogg)
  const spoken = speaker.speak(pieces, voice, signal, (ogg) => tell(ogg))
  // Nobody may be waiting for it.
  spoken.catch(() => {})

  let asked = Promise.resolve()
  function ask(act: () => void): void {
    // A process that was asleep does not pay for what the next one has paid for.
    asked = asked
      .then(() => run.confirm())
      .then(() => {
        if (!signal.aborted) act()
      })
      .catch((error: unknown) => unwanted.abort(error))
  }
  return {
    say: (sentence: string) => ask(() => sentences?.enqueue(sentence)),
    end() {
      ask(() => sentences?.close())
      const timer = setTimeout(() => unwanted.abort(TOO_SLOW), STAGE_DEADLINES_MS.speak)
      spoken.finally(() => clearTimeout(timer)).catch(() => {})
    },
    heard(onSound: OnSound): Promise<Speech> {
      for (const ogg of early.splice(0)) onSound(ogg)
      tell = onSound
      return spoken
    },
    stop: () => unwanted.abort(NOT_WANTED),
  }
}

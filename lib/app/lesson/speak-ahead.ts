import { MAX_SPOKEN_LENGTH } from '../../domain/lesson/limits.ts'
import { sentencesOf } from '../../domain/lesson/sentences.ts'
import { AppError } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import { STAGE_DEADLINES_MS } from '../jobs/timings.ts'
import type { Speaker, Speech, Voice } from './speaker.ts'
import type { ReplySoFar } from './tutor.ts'

/** Speech of a reply that is still being written. */
export type SpeechAhead = {
  /** Speaks those sentences of the reply that have become complete. */
  follow(reply: ReplySoFar): void
  /** The speech of the whole reply; `onChunk` gets its bytes in order, as they are there. */
  of(reply: string, onChunk: OnChunk): Promise<Speech>
  /** Ends it where the learner is not to hear the reply. */
  stop(): void
}

export type OnChunk = (ogg: Uint8Array) => void

/**
 * Speaks a reply sentence by sentence while it is being written.
 *
 * No byte of it is passed on before the reply is complete: where the tutor begins anew, so does the speech.
 * A resumed job may have its speech in the journal, and only the whole reply tells which: its speech waits for that.
 */
export function speakAhead(speaker: Speaker, run: JobRun, voice: Voice): SpeechAhead {
  let sentenceSpeech = run.job.resumed ? undefined : beginSpeech(speaker, run, voice)
  /** What has been handed to the speaker. */
  let text = ''
  let isEnded = false

  function speakMore(reply: ReplySoFar): SentenceSpeech {
    const { isComplete } = reply
    // What begins anew may come to be the same.
    const isSame = reply.text.startsWith(text) || (!isComplete && text.startsWith(reply.text))
    if (!isSame) {
      sentenceSpeech?.stop()
      sentenceSpeech = undefined
      text = ''
    }
    sentenceSpeech ??= beginSpeech(speaker, run, voice)
    for (const sentence of sentencesOf(reply.text.slice(text.length), { isComplete })) {
      sentenceSpeech.add(sentence)
      text += sentence
    }
    if (isComplete) sentenceSpeech.end()
    isEnded = isComplete
    return sentenceSpeech
  }

  return {
    follow(reply) {
      if (run.job.resumed) return
      if (reply.text.length > MAX_SPOKEN_LENGTH) sentenceSpeech?.stop()
      else speakMore(reply)
    },
    of(reply, onChunk) {
      const isFollowed = isEnded && reply === text
      const speech = isFollowed ? sentenceSpeech : undefined
      return (speech ?? speakMore({ text: reply, isComplete: true })).passOn(onChunk)
    },
    stop() {
      sentenceSpeech?.stop()
    },
  }
}

/** The reason for which speech ends that the learner is not to hear. */
export const NOT_WANTED = new AppError('provider-failed', 'speak: the reply is not to be heard')

const TOO_SLOW = new AppError(
  'provider-timeout',
  `speak: not spoken ${STAGE_DEADLINES_MS.speak} ms after it was written`,
)

type SentenceSpeech = ReturnType<typeof beginSpeech>

/** Has the speaker ready for sentences that are still to come. */
function beginSpeech(speaker: Speaker, run: JobRun, voice: Voice) {
  const cancellation = new AbortController()
  const signal = AbortSignal.any([run.signal, cancellation.signal])
  const sentences = sentenceStream(signal)

  const earlyChunks: Uint8Array[] = []
  let onChunk: OnChunk = (ogg) => void earlyChunks.push(ogg)
  const speech = speaker.speak(sentences.stream, voice, signal, (ogg) => onChunk(ogg))
  // Where the reply is never completed, nothing else awaits the speech.
  speech.catch(() => {})

  let requests = Promise.resolve()
  function request(act: () => void): void {
    // A process that was asleep does not pay for what the next one has paid for.
    requests = requests
      .then(() => run.confirm())
      .then(() => {
        if (!signal.aborted) act()
      })
      .catch((error: unknown) => cancellation.abort(error))
  }

  return {
    add: (sentence: string) => request(() => sentences.add(sentence)),
    end() {
      request(sentences.end)
      const timer = setTimeout(() => cancellation.abort(TOO_SLOW), STAGE_DEADLINES_MS.speak)
      const stopTimer = () => clearTimeout(timer)
      speech.then(stopTimer, stopTimer)
    },
    /** Passes on the chunks that are there, and from now on each new one at once. */
    passOn(listener: OnChunk): Promise<Speech> {
      for (const ogg of earlyChunks.splice(0)) listener(ogg)
      onChunk = listener
      return speech
    },
    stop: () => cancellation.abort(NOT_WANTED),
  }
}

/** A stream to which sentences are added; it fails when the signal aborts. */
function sentenceStream(signal: AbortSignal) {
  let controller: ReadableStreamDefaultController<string> | undefined
  const stream = new ReadableStream<string>({
    start(streamController) {
      controller = streamController
    },
  })
  const fail = () => controller?.error(signal.reason)
  // A run may go on past its deadline with answers that it has got by then.
  if (signal.aborted) fail()
  else signal.addEventListener('abort', fail, { once: true })
  return {
    stream,
    add: (sentence: string) => controller?.enqueue(sentence),
    end: () => controller?.close(),
  }
}

import { AppError } from '../error.ts'
import type { JobRun } from '../jobs/job.ts'
import { STAGE_DEADLINES_MS } from '../jobs/timings.ts'
import { paidWork } from '../usage.ts'
import type { Speaker, Speech, Voice } from './speaker.ts'

/** Speech of sentences that are added one by one. */
export type SentenceSpeech = {
  add(sentence: string): void
  /** Ends the text: from here on the speech has the deadline of its stage. */
  end(): void
  /** Passes on the chunks that are there, and from here on each new one at once. */
  passOn(onChunk: OnChunk): Promise<Speech>
  /** Ends the speech: the learner is not to hear it. */
  stop(): void
}

export type OnChunk = (ogg: Uint8Array) => void

/** The reason with which speech ends that the learner is not to hear. */
export const NOT_WANTED = new AppError('provider-failed', 'speak: the reply is not to be heard')

const TOO_SLOW = new AppError(
  'provider-timeout',
  `speak: not spoken ${STAGE_DEADLINES_MS.speak} ms after it was written`,
)

/** Has the speaker ready for sentences that are still to come. */
export function beginSpeech(speaker: Speaker, run: JobRun, voice: Voice): SentenceSpeech {
  const cancellation = new AbortController()
  const signal = AbortSignal.any([run.signal, cancellation.signal])
  // What is spoken ahead is paid for before its step has a name.
  const work = paidWork({ ...run, signal }, run.charge('speak'))
  const sentences = sentenceStream(signal)

  const earlyChunks: Uint8Array[] = []
  let onChunk: OnChunk = (ogg) => void earlyChunks.push(ogg)
  const speech = speaker.speak(sentences.stream, voice, work, (ogg) => onChunk(ogg))
  // Where the reply is never completed, nothing else awaits the speech.
  speech.catch(() => {})

  // A failed request ends the speech, which is awaited; the requests are not.
  const request = confirmedRequests(run, signal, (error) => cancellation.abort(error))

  return {
    add: (sentence) => request(() => sentences.add(sentence)),
    end() {
      request(sentences.end)
      const timer = setTimeout(() => cancellation.abort(TOO_SLOW), STAGE_DEADLINES_MS.speak)
      const stopTimer = () => clearTimeout(timer)
      speech.then(stopTimer, stopTimer)
    },
    passOn(listener) {
      for (const ogg of earlyChunks.splice(0)) listener(ogg)
      onChunk = listener
      return speech
    },
    stop: () => cancellation.abort(NOT_WANTED),
  }
}

/**
 * Makes requests in order, each after confirming the lease: a process that was asleep must not pay for what the
 * next one has paid for.
 */
function confirmedRequests(run: JobRun, signal: AbortSignal, onError: (error: unknown) => void) {
  let lastRequest = Promise.resolve()

  async function requestAfter(previousRequest: Promise<void>, send: () => void): Promise<void> {
    await previousRequest
    try {
      await run.confirm()
      if (!signal.aborted) send()
    } catch (error) {
      // The requests are awaited by nothing: their failure ends the speech.
      onError(error)
    }
  }

  return (send: () => void): void => {
    lastRequest = requestAfter(lastRequest, send)
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
  // A run past its deadline goes on with the answers that it has by then, and may begin to speak one.
  if (signal.aborted) fail()
  else signal.addEventListener('abort', fail, { once: true })
  return {
    stream,
    add: (sentence: string) => controller?.enqueue(sentence),
    end: () => controller?.close(),
  }
}

import { MAX_SPOKEN_LENGTH } from '../../domain/lesson/limits.ts'
import { sentencesOf } from '../../domain/lesson/sentences.ts'
import type { JobRun } from '../jobs/job.ts'
import { beginSpeech, type OnChunk, type SentenceSpeech } from './sentence-speech.ts'
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

/**
 * Speaks a reply sentence by sentence while it is being written.
 *
 * No byte of it is passed on before the reply is complete: where the tutor begins anew, so does the speech.
 * A resumed job may have its speech in the journal, and only the whole reply tells which: its speech waits for that.
 */
export function speakAhead(speaker: Speaker, run: JobRun, voice: Voice): SpeechAhead {
  let sentenceSpeech = run.job.isResumed ? undefined : beginSpeech(speaker, run, voice)
  /** The sentences that the speaker has been given, joined. */
  let givenText = ''
  let isEnded = false

  function speakMore(reply: ReplySoFar): SentenceSpeech {
    const { isComplete } = reply
    // A reply that begins anew is the same as long as it repeats what has been spoken.
    const isSame =
      reply.text.startsWith(givenText) || (!isComplete && givenText.startsWith(reply.text))
    if (!isSame) {
      sentenceSpeech?.stop()
      sentenceSpeech = undefined
      givenText = ''
    }
    sentenceSpeech ??= beginSpeech(speaker, run, voice)
    for (const sentence of sentencesOf(reply.text.slice(givenText.length), { isComplete })) {
      sentenceSpeech.add(sentence)
      givenText += sentence
    }
    if (isComplete) sentenceSpeech.end()
    isEnded = isComplete
    return sentenceSpeech
  }

  return {
    follow(reply) {
      if (run.job.isResumed) return
      if (reply.text.length > MAX_SPOKEN_LENGTH) sentenceSpeech?.stop()
      else speakMore(reply)
    },
    of(reply, onChunk) {
      const isFollowed = isEnded && reply === givenText
      const speech = isFollowed ? sentenceSpeech : undefined
      return (speech ?? speakMore({ text: reply, isComplete: true })).passOn(onChunk)
    },
    stop() {
      sentenceSpeech?.stop()
    },
  }
}

import pLimit from 'p-limit'
import { AppError } from '../../../app/error.ts'
import type { Pieces } from '../../../app/lesson/speaker.ts'
import { wordsOf } from '../../../domain/diff/words.ts'
import type { OpusSound } from '../../audio/opus-encoder.ts'
import { openVoiceNote, type VoiceNote } from '../../audio/voice-note.ts'

/**
 * As many sentences as a reply has at most: they are written within half a second, so that one which waited
 * for another to be spoken would be the last to come (a fifth of the whole wait, with four at a cap of three).
 */
export const PIECES_AT_ONCE = 5

/**
 * Has the pieces of a text spoken side by side, as they come, and joins them in order into one voice note.
 *
 * The first piece that fails for good ends all: the others' calls are aborted. `onPages` gets the note's
 * bytes as they are there.
 */
export async function speakPieces(
  pieces: Pieces,
  signal: AbortSignal,
  sayPiece: (text: string, signal: AbortSignal) => Promise<OpusSound>,
  onPages?: (ogg: Uint8Array) => void,
): Promise<VoiceNote> {
  signal.throwIfAborted()
  const failure = new AbortController()
  const endSignal = AbortSignal.any([signal, failure.signal])
  const inSlot = pLimit(PIECES_AT_ONCE)
  const note = await openVoiceNote(onPages)
  let isEmpty = true

  const say = (text: string) =>
    inSlot(async () => {
      endSignal.throwIfAborted()
      return sayPiece(text, endSignal)
    })
  async function append(previousPieces: Promise<void>, spokenPiece: Promise<OpusSound>) {
    await previousPieces
    await note.add(await spokenPiece)
    isEmpty = false
  }
  async function joinAll(): Promise<void> {
    let noteSoFar = Promise.resolve()
    for await (const piece of pieces) {
      const text = piece.trim()
      // A piece without words, a smiley say, would make a talking model improvise.
      if (wordsOf(text).length === 0) continue
      // Not left to `noteSoFar`, which learns of a failure only after all earlier pieces.
      const spokenPiece = abortOnFailure(say(text), failure)
      noteSoFar = abortOnFailure(append(noteSoFar, spokenPiece), failure)
    }
    await noteSoFar
  }

  await abortOnFailure(joinAll(), failure)
  if (isEmpty) throw new AppError('provider-rejected', 'speak: there is nothing to say')
  return note.finish()
}

function abortOnFailure<T>(work: Promise<T>, calls: AbortController): Promise<T> {
  // Only ends the other calls, and at once: the failure itself is thrown where the work is awaited.
  work.catch((error: unknown) => calls.abort(error))
  return work
}

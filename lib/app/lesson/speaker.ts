import type { Character } from '../../domain/learner/learner.ts'
import type { PaidWork } from '../usage.ts'

export type Voice = { character: Character; speedFactor: number }

/** Sound of a reply: Ogg with one Opus stream, as a voice note has it. */
export type Speech = { ogg: Uint8Array; durationSeconds: number }

/** One text in order, sentence by sentence; the tutor may still be writing some of them. */
export type Pieces = AsyncIterable<string> | readonly string[]

export type Speaker = {
  /** Names what decides how speech sounds, for the journal's key: model and voice of a character. */
  fingerprint(voice: Voice): string
  /**
   * Speaks a text word for word, its pieces at the same time as they come; `onPages` gets the speech's bytes
   * in order, as they are there. Throws AppError 'provider-*'.
   */
  speak(
    pieces: Pieces,
    voice: Voice,
    work: PaidWork,
    onPages?: (ogg: Uint8Array) => void,
  ): Promise<Speech>
}

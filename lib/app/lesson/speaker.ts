import type { Character } from '../../domain/learner/learner.ts'
import type { Usage } from './usage.ts'

export type Voice = { character: Character; speedFactor: number }

/** A voice note: Ogg with one Opus stream. */
export type Speech = { ogg: Uint8Array; durationSeconds: number; usage: Usage }

/** One text in order, sentence by sentence, some of which may still have to be written. */
export type Pieces = AsyncIterable<string> | readonly string[]

export type Speaker = {
  /** Names what decides how speech sounds, for the journal's key: model and voice of a character. */
  fingerprint(voice: Voice): string
  /**
   * Says a text word for word, its pieces side by side as they come; `onPages` gets the voice note's bytes
   * as they are there, in order. Throws AppError 'provider-*'.
   */
  speak(
    pieces: Pieces,
    voice: Voice,
    signal: AbortSignal,
    onPages?: (ogg: Uint8Array) => void,
  ): Promise<Speech>
}

/** How long a voice note may be. */
export const MAX_VOICE_SECONDS = 60
/** How big a voice note may be: 60 s of Opus stay under it at the 510 kbit/s that are its most (RFC 6716). */
export const MAX_VOICE_BYTES = 4 * 1024 * 1024
/** Recorders round: a note of 60 s may be a little longer. */
const VOICE_SECONDS_TOLERANCE = 1
/** A text's length in characters, ends trimmed. */
export const MIN_TEXT_LENGTH = 2
export const MAX_TEXT_LENGTH = 2_000
/**
 * How long a reply may be to be spoken, in UTF-16 units: a minute or so, which is what a lesson is
 * reckoned to cost; five sentences have half of it. A model that is talked into more is only read.
 */
export const MAX_SPOKEN_LENGTH = 1_000

/** Tells whether a voice note is longer than a lesson takes. */
export function isVoiceTooLong(seconds: number): boolean {
  return seconds > MAX_VOICE_SECONDS + VOICE_SECONDS_TOLERANCE
}

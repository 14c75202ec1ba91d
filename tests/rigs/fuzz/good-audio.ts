import { readFileSync } from 'node:fs'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { silentMp3, speechFile } from '../../../scripts/studio/openai/speech.ts'
import { RECORDINGS_FOLDER } from '../../../scripts/studio/openai/transcription.ts'
import { adtsOf, m4aOf, webmOf } from '../audio-samples.ts'

export type Bytes = Uint8Array<ArrayBuffer>

/** One of the recorded voice notes. */
export function recording(name: string): Bytes {
  return new Uint8Array(readFileSync(new URL(`${name}.ogg`, RECORDINGS_FOLDER)))
}

export const RECORDINGS: readonly Bytes[] = [
  '1-shop',
  '2-prague',
  '3-food',
  'russian',
  'silence',
].map(recording)

const RATE = 24_000
const samples = Int16Array.from({ length: RATE }, (_, at) => Math.round(8_000 * Math.sin(at / 9)))

/** One second of sound as a voice note. */
export const SHORT_OGG: Bytes = new Uint8Array((await encodeVoiceNote(samples, RATE)).ogg)

const FLAC = new URL('../../adapters/audio/samples/tone.flac', import.meta.url)

/** Some seconds in each container but Ogg, as devices make them. */
export const OTHER_FILES: readonly Bytes[] = await Promise.all([
  speechFile({ samples, sampleRate: RATE }, 'wav').then((file) => file?.bytes ?? new Uint8Array()),
  webmOf(recording('1-shop')),
  m4aOf(1),
  Promise.resolve(silentMp3(1).bytes),
  Promise.resolve(adtsOf(1)),
  Promise.resolve(readFileSync(FLAC)),
]).then((files) => files.map((file) => new Uint8Array(file)))

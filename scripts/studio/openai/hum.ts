import type { Pcm } from '../../../lib/adapters/audio/pcm.ts'
import { SPEECH_RATE, WORDS_PER_MINUTE } from '../espeak.ts'

const AMPLITUDE = 8_000
const HERTZ = 220

/**
 * Hums for as long as a voice would take to say a text: one tone at 24 kHz.
 *
 * For tests, to which the words in the sound do not matter: a spoken sentence costs a tenth of a second of processor
 * time, a hummed one nothing to speak of.
 */
export async function hum(text: string, _voice: string, speed: number): Promise<Pcm> {
  const words = text.split(/\s+/).length
  const samples = new Int16Array(Math.round((words * 60 * SPEECH_RATE) / WORDS_PER_MINUTE / speed))
  const radians = (2 * Math.PI * HERTZ) / SPEECH_RATE
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = AMPLITUDE * Math.sin(index * radians)
  return { samples, sampleRate: SPEECH_RATE }
}

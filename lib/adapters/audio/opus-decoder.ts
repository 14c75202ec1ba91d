import { readOggOpus } from './ogg-reader.ts'
import { OPUS_CLOCK } from './opus-encoder.ts'
import type { Pcm } from './pcm.ts'

/** What recognisers work at: they would bring any other rate down to it. */
const SAMPLE_RATE = 16_000

/** The sound of an Ogg/Opus file, mono; undefined where it is none, or cannot be played. Loads the codec. */
export async function decodeOggOpus(bytes: Uint8Array): Promise<Pcm | undefined> {
  const sound = readOggOpus(bytes)
  if (sound === undefined) return undefined
  const { createDecoder, OpusError } = await import('libopus-wasm')
  const decoder = await createDecoder({ sampleRate: SAMPLE_RATE, channels: 1 })
  try {
    const frames = sound.packets.map((packet) => decoder.decode(packet))
    const samples = new Int16Array(frames.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const frame of frames) {
      samples.set(frame, at)
      at += frame.length
    }
    const [start, end] = [sound.preSkip, sound.endsAt].map((clock) =>
      Math.round((clock * SAMPLE_RATE) / OPUS_CLOCK),
    )
    return { samples: samples.slice(start, end), sampleRate: SAMPLE_RATE }
  } catch (error) {
    // A packet that is no Opus: the file cannot be played, which callers are told by its absence.
    if (error instanceof OpusError) return undefined
    throw error
  } finally {
    decoder.free()
  }
}

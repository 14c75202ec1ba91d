import assert from 'node:assert/strict'
import fc from 'fast-check'
import { OggOpusDecoder } from 'ogg-opus-decoder'
import { COUNTED_SECONDS } from '../../../lib/adapters/audio/container.ts'
import { type AudioFile, inspectAudio } from '../../../lib/adapters/audio/file.ts'
import { oggOpusSeconds } from '../../../lib/adapters/audio/ogg-reader.ts'
import { decodeOggOpus } from '../../../lib/adapters/audio/opus-decoder.ts'
import { unplayedFormatOf } from '../../../lib/app/lesson/sound-format.ts'
import { hostileContainer, hostileOgg } from './hostile-audio.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'

/** What a decoder may play beyond what was counted: the pre-skip that it does not drop, and a rounding. */
const TOLERANCE_SECONDS = 0.05

/** Audio that learners and clients send. */
export const AUDIO_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'ogg',
    fact: 'any bytes that call themselves Ogg are refused, or play for a time within bounds',
    weight: 150,
    arbitrary: hostileOgg,
    holds: async (bytes) => assertWithinBounds(await inspectAudio(bytes)),
  }),
  fuzzTarget({
    name: 'ogg-length',
    fact: 'no Ogg plays longer than was counted, with any headers',
    weight: 8,
    arbitrary: hostileOgg,
    async holds(bytes) {
      const countedSeconds = oggOpusSeconds(bytes)
      if (countedSeconds === undefined || countedSeconds > COUNTED_SECONDS) return
      const playedTime = await playedSeconds(bytes)
      assert.ok(
        playedTime <= countedSeconds + TOLERANCE_SECONDS,
        `counted ${countedSeconds} s, plays ${playedTime} s`,
      )
    },
  }),
  fuzzTarget({
    name: 'ogg-decoded',
    fact: 'any Ogg is decoded to no more sound than was counted, or to none',
    weight: 8,
    arbitrary: hostileOgg,
    async holds(bytes) {
      const countedSeconds = oggOpusSeconds(bytes)
      // A recording is refused by its length before it is decoded.
      if (countedSeconds !== undefined && countedSeconds > COUNTED_SECONDS) return
      const pcm = await decodeOggOpus(bytes)
      if (pcm === undefined) return
      const seconds = pcm.samples.length / pcm.sampleRate
      assert.ok(seconds <= (countedSeconds ?? 0) + TOLERANCE_SECONDS, `${seconds} s`)
    },
  }),
  fuzzTarget({
    name: 'container',
    fact: 'any bytes that call themselves WAV, MP3, M4A, AAC, FLAC or WebM are refused, or play for a time within bounds',
    weight: 2,
    arbitrary: hostileContainer,
    holds: async (bytes) => assertWithinBounds(await inspectAudio(bytes)),
  }),
  fuzzTarget({
    name: 'sound-format',
    fact: 'any bytes have no name of a format, or a short one in plain letters',
    weight: 20,
    arbitrary: fc.oneof(hostileContainer, hostileOgg),
    holds(bytes) {
      const name = unplayedFormatOf(bytes)
      assert.match(name ?? 'none', /^[A-Za-z0-9 -]{2,24}$/)
    },
  }),
]

function assertWithinBounds(file: AudioFile | undefined): void {
  if (file === undefined) return
  const { durationSeconds } = file
  assert.ok(durationSeconds > 0 && durationSeconds <= COUNTED_SECONDS, `${durationSeconds} s`)
}

/** How long libopus plays a file; 0 where a packet in it is damaged, since players differ in what they do then. */
async function playedSeconds(bytes: Uint8Array): Promise<number> {
  const decoder = new OggOpusDecoder()
  const { error: consoleError } = console
  // It prints every damaged packet.
  console.error = () => {}
  try {
    await decoder.ready
    const { samplesDecoded, sampleRate, errors } = await decoder.decodeFile(bytes)
    return errors.length > 0 ? 0 : samplesDecoded / sampleRate
  } catch {
    // A file that libopus cannot open has no length to compare.
    return 0
  } finally {
    console.error = consoleError
    decoder.free()
  }
}

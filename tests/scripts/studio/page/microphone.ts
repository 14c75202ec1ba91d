import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { OggOpusDecoder } from 'ogg-opus-decoder'

const RECORDING = resolve(import.meta.dirname, '../../../../scripts/studio/recordings/1-shop.ogg')
/** What Chromium's fake microphone plays. */
const MICROPHONE = join(tmpdir(), `mluv-me-microphone-${process.pid}.wav`)

/** Chromium's options for a microphone that plays what `writeMicrophone` has written. */
export const MICROPHONE_ARGS = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-audio-capture=${MICROPHONE}`,
]

/** Writes the first recording as what the fake microphone takes: WAV, 48 kHz, 16 bits. */
export async function writeMicrophone(): Promise<void> {
  const samples = await decoded(new Uint8Array(readFileSync(RECORDING)))
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length * 2, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(48_000, 24)
  header.writeUInt32LE(96_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length * 2, 40)
  const pcm = Int16Array.from(samples, (sample) => Math.round(sample * 32_767))
  writeFileSync(MICROPHONE, Buffer.concat([header, Buffer.from(pcm.buffer)]))
}

/** How loud Ogg with Opus is: the root mean square of its samples, of which each is from -1 to 1. */
export async function loudnessOf(ogg: Uint8Array): Promise<number> {
  const samples = await decoded(ogg)
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length)
}

async function decoded(ogg: Uint8Array): Promise<Float32Array> {
  const decoder = new OggOpusDecoder()
  await decoder.ready
  const { channelData } = await decoder.decodeFile(ogg)
  decoder.free()
  return channelData[0] ?? new Float32Array()
}

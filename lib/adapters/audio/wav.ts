import type { Pcm } from './pcm.ts'

const HEADER_BYTES = 44

/** A WAV file of 16-bit PCM, mono. */
export function wavFile({ samples, sampleRate }: Pcm): Uint8Array<ArrayBuffer> {
  const file = Buffer.alloc(HEADER_BYTES + samples.byteLength)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(HEADER_BYTES - 8 + samples.byteLength, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(sampleRate, 24)
  file.writeUInt32LE(sampleRate * 2, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(samples.byteLength, 40)
  // Little-endian, as every machine that runs this is.
  file.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), HEADER_BYTES)
  return file
}

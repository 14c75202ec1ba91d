import { encodeVoiceNote } from '../../lib/adapters/ogg-opus.ts'
import type { Pcm } from '../../lib/adapters/pcm.ts'
import { type EspeakVoice, synthesise } from './espeak.ts'

/** OpenAI's voices that sound like a woman's; all others like a man's. */
const WOMEN = ['alloy', 'coral', 'marin', 'nova', 'sage', 'shimmer']
const WOMAN: EspeakVoice = { name: 'cs+f3', pitch: 45 }
const MAN: EspeakVoice = { name: 'cs+m3', pitch: 45 }

/** Speaks a text in Czech with a voice like the one that OpenAI gives that name. */
export function speak(text: string, voice: string, speed: number): Promise<Pcm> {
  return synthesise(text, WOMEN.includes(voice) ? WOMAN : MAN, speed)
}

export type SpeechFile = { contentType: string; bytes: Uint8Array }

/** Speech in one of the formats of `/audio/speech`; undefined for those that we have no encoder for. */
export async function speechFile(pcm: Pcm, format: string): Promise<SpeechFile | undefined> {
  const raw = bytesOf(pcm)
  switch (format) {
    case 'opus':
      return { contentType: 'audio/opus', bytes: (await encodeVoiceNote(pcm.samples)).ogg }
    case 'wav':
      return { contentType: 'audio/wav', bytes: Buffer.concat([wavHeader(pcm), raw]) }
    case 'pcm':
      return { contentType: 'audio/pcm', bytes: raw }
    default:
      return undefined
  }
}

/** An MP3 of silence, for a vendor that sends MP3 whatever it is asked for: frames without any audio bits. */
export function silentMp3(seconds: number): SpeechFile {
  // MPEG-1 Layer III, 128 kbit/s, 44.1 kHz, mono: 417 bytes and 1152 samples a frame.
  const frame = Buffer.alloc(417)
  frame.writeUInt32BE(0xff_fb_90_c4)
  const frames = Math.ceil((seconds * 44_100) / 1152)
  return { contentType: 'audio/mpeg', bytes: Buffer.concat(Array<Buffer>(frames).fill(frame)) }
}

/** The samples as little-endian bytes, which is what they are on every machine that runs this. */
export function bytesOf({ samples }: Pcm): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}

function wavHeader({ samples, sampleRate }: Pcm): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + samples.byteLength, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(sampleRate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(samples.byteLength, 40)
  return header
}

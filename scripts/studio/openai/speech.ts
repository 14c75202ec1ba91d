import type { ServerResponse } from 'node:http'
import type { Pcm } from '../../../lib/adapters/audio/pcm.ts'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { wavFile } from '../../../lib/adapters/audio/wav.ts'
import { type EspeakVoice, synthesise } from '../espeak.ts'
import { endTimeline, type Timeline, until } from './timeline.ts'

/** OpenAI's voices that sound like a woman's; all others like a man's. */
const WOMEN = ['alloy', 'coral', 'marin', 'nova', 'sage', 'shimmer']
const WOMAN: EspeakVoice = { name: 'cs+f3', pitch: 45 }
const MAN: EspeakVoice = { name: 'cs+m3', pitch: 45 }

/** Makes the sound of a text, by the name of one of OpenAI's voices and at a speed, 1 as usual. */
export type Voice = (text: string, name: string, speed: number) => Promise<Pcm>

/** Speaks a text in Czech with a voice like the one that OpenAI gives that name. */
export function speak(text: string, voice: string, speed: number): Promise<Pcm> {
  return synthesise(text, WOMEN.includes(voice) ? WOMAN : MAN, speed)
}

export type SpeechFile = { contentType: string; bytes: Uint8Array }

/** How slow speech is. */
export type SpeechLatency = {
  speechFirstByteMs: number
  /** Seconds of audio that come in one second; 0 for all at once. */
  speechRealtimeFactor: number
}

/** The speech in one piece of a stream. */
export const PIECE_SECONDS = 0.2

/** When the piece goes out that follows `audioSeconds` of speech; milliseconds since the epoch. */
export function momentOf(audioSeconds: number, { at }: Timeline, latency: SpeechLatency): number {
  const { speechFirstByteMs, speechRealtimeFactor: factor } = latency
  return at + speechFirstByteMs + (factor > 0 ? (audioSeconds / factor) * 1_000 : 0)
}

/** Sends a file of speech in pieces, at the pace of the audio in it. */
export async function sendPaced(
  response: ServerResponse,
  bytes: Uint8Array,
  latency: SpeechLatency,
  timeline: Timeline,
): Promise<void> {
  const { audioSeconds = 0 } = timeline
  const pieces = latency.speechRealtimeFactor > 0 ? Math.ceil(audioSeconds / PIECE_SECONDS) : 1
  const size = Math.ceil(bytes.length / pieces) || 1
  await until(momentOf(0, timeline, latency))
  timeline.firstByteAt = Date.now()
  for (let piece = 0; piece * size < bytes.length && !response.destroyed; piece += 1) {
    await until(momentOf(piece * PIECE_SECONDS, timeline, latency))
    response.write(bytes.subarray(piece * size, (piece + 1) * size))
  }
  await until(momentOf(audioSeconds, timeline, latency))
  response.end()
  endTimeline(timeline)
}

/** Encodes speech in a format of `/audio/speech`; undefined where the stand-in has no encoder. */
export async function speechFile(pcm: Pcm, format: string): Promise<SpeechFile | undefined> {
  const raw = bytesOf(pcm)
  switch (format) {
    case 'opus':
      return { contentType: 'audio/opus', bytes: await encodeOnce(pcm) }
    case 'wav':
      return { contentType: 'audio/wav', bytes: wavFile(pcm) }
    case 'pcm':
      return { contentType: 'audio/pcm', bytes: raw }
    default:
      return undefined
  }
}

const encodings = new WeakMap<Pcm, Promise<Uint8Array>>()

/** Encodes the same speech once: encoding it again would make the provider slower than its latency says. */
function encodeOnce(pcm: Pcm): Promise<Uint8Array> {
  const bytes = encodings.get(pcm) ?? encodeVoiceNote(pcm.samples).then(({ ogg }) => ogg)
  encodings.set(pcm, bytes)
  return bytes
}

/** An MP3 of silence, frames without any audio bits: for a vendor that ignores the format and sends MP3. */
export function silentMp3(seconds: number): SpeechFile {
  // MPEG-1 Layer III, 128 kbit/s, 44.1 kHz, mono: 417 bytes and 1152 samples a frame.
  const frame = Buffer.alloc(417)
  frame.writeUInt32BE(0xff_fb_90_c4)
  const frames = Math.ceil((seconds * 44_100) / 1152)
  return { contentType: 'audio/mpeg', bytes: Buffer.concat(Array<Buffer>(frames).fill(frame)) }
}

/** Frames of AAC in ADTS, 48 kHz, mono, without anything in them. */
export function emptyAac(): SpeechFile {
  const frame = Buffer.from([0xff, 0xf1, 0x4c, 0x40, 0x01, 0x1f, 0xfc, 0x00])
  return { contentType: 'audio/aac', bytes: Buffer.concat(Array<Buffer>(20).fill(frame)) }
}

/** The samples as little-endian bytes, which is what they are on every machine that runs this. */
export function bytesOf({ samples }: Pcm): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}

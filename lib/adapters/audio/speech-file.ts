import { unplayedFormatOf } from '../../app/lesson/sound-format.ts'
import { type AudioFile, formatOf, inspectAudio } from './file.ts'
import { readOggOpus } from './ogg-reader.ts'
import type { OpusSound } from './opus-encoder.ts'
import { type Pcm, pcmOfFloats, readRawPcm, readWav } from './pcm.ts'

/** What a speech server sent. */
export type SpeechFile =
  | { kind: 'opus'; sound: OpusSound }
  | { kind: 'pcm'; pcm: Pcm }
  /** Sound in a format without a decoder here, by its name. */
  | { kind: 'undecodable'; format: string }
  | { kind: 'no-sound' }
  | { kind: 'too-long'; seconds: number }

/** OpenAI's `pcm`, where the header says nothing else: 24 kHz, 16 bits, mono. */
const RAW_RATE = 24_000

/**
 * Reads speech by its first bytes and not by its content type: servers label Ogg as PCM and WAV as MP3. What has
 * no mark of a format is raw PCM where the content type says so, at the rate and in the channels that it names.
 *
 * Ogg/Opus stays as it is; WAV, raw PCM, MP3 and FLAC become PCM. Speech inside JSON is base64.
 */
export async function readSpeech(
  bytes: Uint8Array,
  contentType: string,
  maxSeconds: number,
): Promise<SpeechFile> {
  if (/\bjson\b/i.test(contentType) || bytes[0] === BRACE) {
    const file = fileInJson(bytes)
    return file === undefined ? { kind: 'no-sound' } : readSpeech(file, 'audio/*', maxSeconds)
  }
  const speech = isRaw(bytes, contentType)
    ? { kind: 'pcm' as const, pcm: rawPcm(bytes, contentType) }
    : await readFile(bytes, maxSeconds)
  if (speech.kind !== 'pcm') return speech
  const seconds = speech.pcm.samples.length / speech.pcm.sampleRate
  if (seconds === 0) return { kind: 'no-sound' }
  return seconds > maxSeconds ? { kind: 'too-long', seconds } : speech
}

const BRACE = 0x7b

/** Tells whether bytes are raw PCM: labelled so, and without a mark. Samples may begin as a frame of MP3 does. */
function isRaw(bytes: Uint8Array, contentType: string): boolean {
  if (!/^audio\/(?:x-)?(?:pcm|l16|raw|basic)\b/i.test(contentType)) return false
  const format = formatOf(bytes)
  return format === undefined || bytes[0] === 0xff
}

function rawPcm(bytes: Uint8Array, contentType: string): Pcm {
  const parameter = (name: RegExp) => Number(name.exec(contentType)?.[1] ?? Number.NaN)
  const rate = parameter(/\b(?:sample[-_]?)?rate\s*=\s*"?(\d+)/i)
  const channels = parameter(/\bchannels\s*=\s*"?(\d+)/i)
  const isRate = rate >= 8_000 && rate <= 192_000
  return readRawPcm(bytes, isRate ? rate : RAW_RATE, channels >= 1 && channels <= 8 ? channels : 1)
}

async function readFile(bytes: Uint8Array, maxSeconds: number): Promise<SpeechFile> {
  if (formatOf(bytes) === 'flac') {
    const seconds = flacSeconds(bytes)
    return seconds > maxSeconds
      ? { kind: 'too-long', seconds }
      : { kind: 'pcm', pcm: await decodeFlac(bytes) }
  }
  if (formatOf(bytes) === 'aac') return { kind: 'undecodable', format: 'aac' }
  const file = await inspectAudio(bytes)
  if (file === undefined) return unreadable(bytes)
  // Decoding takes memory and time: what is too long is not begun.
  if (file.durationSeconds > maxSeconds) return { kind: 'too-long', seconds: file.durationSeconds }
  if (file.format === 'ogg') {
    const sound = readOggOpus(bytes)
    // A recorder's file may be cut and is all there is; an answer that is cut can be asked for again.
    return sound?.isWhole === true ? { kind: 'opus', sound } : { kind: 'no-sound' }
  }
  if (file.format === 'mp3') return { kind: 'pcm', pcm: await decodeMp3(bytes) }
  const pcm = file.format === 'wav' ? await readWav(bytes) : undefined
  return pcm === undefined ? { kind: 'undecodable', format: nameOf(file) } : { kind: 'pcm', pcm }
}

/** Names formats that are recognised and never decoded; all else is damage. */
function unreadable(bytes: Uint8Array): SpeechFile {
  const format = unplayedFormatOf(bytes)
  return format === undefined ? { kind: 'no-sound' } : { kind: 'undecodable', format }
}

function nameOf(file: AudioFile): string {
  return file.format === file.codec ? file.format : `${file.format} with ${file.codec}`
}

/** What STREAMINFO says (RFC 9639, 8.2): 20 bits of sample rate, 36 of samples, 0 where the encoder did not know. */
function flacSeconds(bytes: Uint8Array): number {
  const info = Buffer.from(bytes.subarray(0, 26))
  if (info.length < 26) return 0
  const rate = info.readUIntBE(18, 3) >> 4
  const samples = (info.readUInt8(21) & 0x0f) * 2 ** 32 + info.readUInt32BE(22)
  return rate === 0 ? 0 : samples / rate
}

/** Loads a decoder of MP3, which few servers need: 80 kB of WebAssembly. */
async function decodeMp3(bytes: Uint8Array): Promise<Pcm> {
  const { MPEGDecoder } = await import('mpg123-decoder')
  const decoder = new MPEGDecoder()
  try {
    await decoder.ready
    const { channelData, sampleRate } = decoder.decode(bytes)
    return pcmOfFloats(channelData, sampleRate)
  } finally {
    decoder.free()
  }
}

async function decodeFlac(bytes: Uint8Array): Promise<Pcm> {
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac')
  const decoder = new FLACDecoder()
  try {
    await decoder.ready
    const { channelData, sampleRate } = await decoder.decodeFile(bytes)
    return pcmOfFloats(channelData, sampleRate)
  } finally {
    decoder.free()
  }
}

/** The longest base64 text anywhere in an answer of JSON, or in one of lines of JSON. */
function fileInJson(bytes: Uint8Array): Uint8Array | undefined {
  // JSON may escape a slash.
  const json = Buffer.from(bytes).toString('latin1').replaceAll('\\/', '/')
  const texts = [...json.matchAll(BASE64)].map(([, text = '']) => text)
  const [longest] = texts.sort((a, b) => b.length - a.length)
  return longest === undefined ? undefined : Buffer.from(longest, 'base64')
}

const BASE64 = /"(?:data:audio\/[\w.+-]+(?:;[\w=-]+)*;base64,)?([A-Za-z0-9+/_-]{64,}={0,2})"/g

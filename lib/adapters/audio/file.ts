import { COUNTED_SECONDS, type Container, readContainer } from './container.ts'
import { hasTrueChecksums } from './ogg-checksum.ts'
import { oggOpusSeconds, readOggOpus } from './ogg-reader.ts'
import { withTrueSizes } from './wav-sizes.ts'

/** The containers that a learner's audio may come in. */
export type AudioFormat = 'ogg' | Container

export type AudioFile = {
  format: AudioFormat
  /** `opus`, `aac`, `mp3`, `pcm-s16` ... */
  codec: string
  mimeType: string
  /** `voice.` and the ending that a transcriber knows the format by. */
  fileName: string
  /** How long its packets play, not what its headers claim; counting stops at COUNTED_SECONDS. */
  durationSeconds: number
  /** The file as strict readers take it: sizes and pages that its recorder left wrong are corrected. */
  bytes: Uint8Array
}

const MIME_TYPES: Readonly<Record<AudioFormat, string>> = {
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  wav: 'audio/wav',
  webm: 'audio/webm',
  flac: 'audio/flac',
  aac: 'audio/aac',
}

/**
 * Tells what an audio file is by its content, and how long it plays.
 *
 * Ogg holds Opus, webm Opus, m4a AAC or Opus; AAC without a container becomes m4a. Undefined for what is no audio in one
 * of these, has a video track, or is damaged. Never throws; an answer takes 3 s at the very most.
 */
export async function inspectAudio(file: Uint8Array): Promise<AudioFile | undefined> {
  const format = formatOf(file)
  if (format === undefined) return undefined
  const bytes = format === 'wav' ? withTrueSizes(file) : file
  const content = format === 'ogg' ? await readOgg(bytes) : await readContainer(bytes, format)
  if (content === undefined) return undefined
  if ('m4a' in content && content.m4a !== undefined) {
    const { m4a, ...sound } = content
    return { format: 'm4a', mimeType: MIME_TYPES.m4a, fileName: 'voice.m4a', bytes: m4a, ...sound }
  }
  return { format, mimeType: MIME_TYPES[format], fileName: `voice.${format}`, bytes, ...content }
}

/** The container by its first bytes; undefined for any that we do not take. */
export function formatOf(bytes: Uint8Array): AudioFormat | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12))
  const ascii = start.toString('latin1')
  if (ascii.startsWith('OggS')) return 'ogg'
  if (ascii.startsWith('RIFF') && ascii.startsWith('WAVE', 8)) return 'wav'
  if (ascii.startsWith('ftyp', 4)) return 'm4a'
  if (ascii.startsWith('\x1a\x45\xdf\xa3')) return 'webm'
  if (ascii.startsWith('fLaC')) return 'flac'
  const [first = 0, second = 0] = start
  // A frame of AAC says layer 0, which no MP3 has.
  if (first === 0xff && (second & 0xf6) === 0xf0) return 'aac'
  // An MP3 begins with a tag or with a frame of layer III.
  if (ascii.startsWith('ID3') || (first === 0xff && (second & 0xe6) === 0xe2)) return 'mp3'
  return undefined
}

async function readOgg(
  file: Uint8Array,
): Promise<Pick<AudioFile, 'codec' | 'durationSeconds' | 'bytes'> | undefined> {
  const seconds = oggOpusSeconds(file)
  if (seconds === undefined) return undefined
  const durationSeconds = Math.min(seconds, COUNTED_SECONDS)
  const isShort = durationSeconds < COUNTED_SECONDS
  return { codec: 'opus', durationSeconds, bytes: isShort ? await plainOgg(file) : file }
}

/**
 * The same packets in pages as the standard asks for: recognisers stop at an early end, leave out a page whose checksum
 * is wrong, or refuse a file that is cut.
 */
async function plainOgg(file: Uint8Array): Promise<Uint8Array> {
  const sound = readOggOpus(file)
  if (sound === undefined || (sound.isPlain && hasTrueChecksums(file))) return file
  const { openVoiceNote } = await import('./voice-note.ts')
  const writer = await openVoiceNote()
  await writer.add(sound)
  return (await writer.finish()).ogg
}

import type { EncodedPacket, InputFormat } from 'mediabunny'

/** The containers that a learner's audio may come in. */
export type AudioFormat = 'ogg' | 'mp3' | 'm4a' | 'wav' | 'webm'

export type AudioFile = {
  format: AudioFormat
  /** As mediabunny names it: `opus`, `vorbis`, `aac`, `mp3`, `pcm-s16` ... */
  codec: string
  mimeType: string
  /** `voice.` and the ending that the transcriber knows the format by. */
  fileName: string
  /** How long the packets in it play, whatever its headers say; counting stops at COUNTED_SECONDS. */
  durationSeconds: number
}

/** Nothing we take plays this long, so a file that does need not be counted to its end. */
export const COUNTED_SECONDS = 600
/** 600 s of the shortest packets there are, Opus' 2.5 ms: more are there to keep us busy. */
const MAX_PACKETS = 240_000

const MIME_TYPES: Readonly<Record<AudioFormat, string>> = {
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  wav: 'audio/wav',
  webm: 'audio/webm',
}

/** What is spoken into each container by the devices we know; also the codecs whose length cannot be lied about. */
const CODECS: Readonly<Record<AudioFormat, RegExp>> = {
  ogg: /^(opus|vorbis)$/,
  mp3: /^mp3$/,
  m4a: /^(aac|opus)$/,
  wav: /^(pcm-.*|ulaw|alaw)$/,
  webm: /^opus$/,
}

/**
 * Tells what an audio file is by its content, and how long it plays.
 *
 * Undefined for what is no audio in one of these containers, has a video track, or is damaged. Never
 * throws. Needs no WebCodecs: only containers are read, nothing is decoded.
 */
export async function inspectAudio(bytes: Uint8Array): Promise<AudioFile | undefined> {
  const format = formatOf(bytes)
  if (format === undefined || (format === 'ogg' && !isOneOggStream(bytes))) return undefined
  const mediabunny = await import('mediabunny')
  const { BufferSource, EncodedPacketSink, Input, MP3, MP4, OGG, WAVE, WEBM } = mediabunny
  const formats: Record<AudioFormat, InputFormat> = {
    ogg: OGG,
    mp3: MP3,
    m4a: MP4,
    wav: WAVE,
    webm: WEBM,
  }
  const input = new Input({ source: new BufferSource(bytes), formats: [formats[format]] })
  try {
    const tracks = await input.getTracks()
    const [track] = await input.getAudioTracks()
    const codec = await track?.getCodec()
    if (tracks.length !== 1 || !track || !codec || !CODECS[format].test(codec)) return undefined
    const packets = new EncodedPacketSink(track).packets()
    const sampleRate = await track.getSampleRate()
    const durationSeconds = await sumSeconds(packets, (packet) =>
      format === 'ogg' ? packet.duration : packetSeconds(packet, codec, sampleRate),
    )
    if (durationSeconds === undefined) return undefined
    const mimeType = MIME_TYPES[format]
    return { format, codec, mimeType, fileName: `voice.${format}`, durationSeconds }
  } catch {
    // Whatever the reader stumbles over in a file from outside says one thing: the file is damaged.
    return undefined
  } finally {
    input.dispose()
  }
}

/** The container by its first bytes; undefined for any that we do not take. */
function formatOf(bytes: Uint8Array): AudioFormat | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12))
  const ascii = start.toString('latin1')
  if (ascii.startsWith('OggS')) return 'ogg'
  if (ascii.startsWith('RIFF') && ascii.startsWith('WAVE', 8)) return 'wav'
  if (ascii.startsWith('ftyp', 4)) return 'm4a'
  if (ascii.startsWith('\x1a\x45\xdf\xa3')) return 'webm'
  const isFrameSync = start[0] === 0xff && start[1] !== undefined && (start[1] & 0xe6) === 0xe2
  if (ascii.startsWith('ID3') || isFrameSync) return 'mp3'
  return undefined
}

/** Sums what the packets play; undefined where that is nothing or does not add up. */
async function sumSeconds(
  packets: AsyncIterable<EncodedPacket>,
  secondsOf: (packet: EncodedPacket) => number,
): Promise<number | undefined> {
  let seconds = 0
  let count = 0
  for await (const packet of packets) {
    seconds += secondsOf(packet)
    count += 1
    if (seconds >= COUNTED_SECONDS) return COUNTED_SECONDS
    if (count >= MAX_PACKETS) return undefined
  }
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
}

/**
 * What one packet plays, by its codec where the container's time stamps could say anything.
 *
 * Not for Ogg, whose packet durations come from the codec and have pre-skip and end trimming taken off.
 */
function packetSeconds(packet: EncodedPacket, codec: string, sampleRate: number): number {
  if (codec === 'opus') return opusSeconds(packet.data)
  if (codec === 'aac') return 1024 / sampleRate
  return packet.duration
}

/** The duration of an Opus packet, from its table-of-contents byte (RFC 6716, 3.1 and 3.2). */
function opusSeconds(packet: Uint8Array): number {
  const [toc = 0, count = 0] = packet
  const config = toc >> 3
  const frames = [1, 2, 2, count & 0x3f][toc & 3] ?? 0
  const silk = [0.01, 0.02, 0.04, 0.06]
  const hybrid = [0.01, 0.02]
  const celt = [0.0025, 0.005, 0.01, 0.02]
  const sizes = config < 12 ? silk : config < 16 ? hybrid : celt
  return frames * (sizes[config % sizes.length] ?? 0)
}

const END_OF_STREAM = 0x04

/**
 * Tells whether a file is one Ogg stream from its first byte to its last.
 *
 * A second stream chained behind a short first one plays too, but is not in the first one's length;
 * nor is what follows a page that claims to be the last.
 */
function isOneOggStream(bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  let serial: number | undefined
  let ended = false
  while (at < view.length) {
    const isPage = at + 27 <= view.length && view.toString('latin1', at, at + 4) === 'OggS'
    if (ended || !isPage) return false
    ended = (view.readUInt8(at + 5) & END_OF_STREAM) !== 0
    const pageSerial = view.readUInt32LE(at + 14)
    serial ??= pageSerial
    if (pageSerial !== serial) return false
    const segments = view.subarray(at + 27, at + 27 + view.readUInt8(at + 26))
    at += 27 + segments.length + segments.reduce((sum, size) => sum + size, 0)
  }
  return at === view.length && serial !== undefined
}

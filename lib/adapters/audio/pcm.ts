import { withTrueSizes } from './wav-sizes.ts'

/** Sound as PCM: 16 bits, one channel. */
export type Pcm = { samples: Int16Array; sampleRate: number }

/** Reads a WAV of PCM, µ-law or A-law in any width, its channels mixed into one; undefined for anything else. */
export async function readWav(bytes: Uint8Array): Promise<Pcm | undefined> {
  const { BufferSource, EncodedPacketSink, Input, WAVE } = await import('mediabunny')
  const input = new Input({ source: new BufferSource(withTrueSizes(bytes)), formats: [WAVE] })
  try {
    const track = await input.getPrimaryAudioTrack()
    const codec = await track?.getCodec()
    const sampleOf = SAMPLES[codec ?? '']
    if (!track || sampleOf === undefined) return undefined
    const pieces: Uint8Array[] = []
    for await (const packet of new EncodedPacketSink(track).packets()) pieces.push(packet.data)
    const samples = samplesBy(sampleOf, Buffer.concat(pieces))
    const channels = await track.getNumberOfChannels()
    return { samples: mixDown(samples, channels), sampleRate: await track.getSampleRate() }
  } catch {
    // A damaged file is as unreadable as one of another kind, and the caller treats it so.
    return undefined
  } finally {
    input.dispose()
  }
}

/** Raw 16-bit PCM, little-endian, its channels mixed into one. */
export function readRawPcm(bytes: Uint8Array, sampleRate: number, channels: number): Pcm {
  return { samples: mixDown(samplesOf(bytes), channels), sampleRate }
}

/** Sound in floating point, a channel each, from -1 to 1. */
export function pcmOfFloats(channels: readonly Float32Array[], sampleRate: number): Pcm {
  const [first = new Float32Array()] = channels
  const samples = Int16Array.from(first, (_, at) => {
    const sum = channels.reduce((total, channel) => total + (channel[at] ?? 0), 0)
    return int16(sum / channels.length)
  })
  return { samples, sampleRate }
}

/** How a codec writes one sample: its bytes, and its value from -1 to 1. */
type SampleFormat = { bytes: number; read(view: DataView, at: number): number }

const SAMPLES: Readonly<Record<string, SampleFormat>> = {
  'pcm-u8': { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
  'pcm-s8': { bytes: 1, read: (view, at) => view.getInt8(at) / 128 },
  'pcm-s16': { bytes: 2, read: (view, at) => view.getInt16(at, true) / 32_768 },
  'pcm-s24': {
    bytes: 3,
    read: (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 8_388_608,
  },
  'pcm-s32': { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2_147_483_648 },
  'pcm-f32': { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  'pcm-f64': { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  ulaw: { bytes: 1, read: (view, at) => ulawSample(view.getUint8(at)) },
  alaw: { bytes: 1, read: (view, at) => alawSample(view.getUint8(at)) },
}

function samplesBy({ bytes: width, read }: SampleFormat, bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int16Array.from({ length: Math.floor(bytes.length / width) }, (_, index) =>
    int16(read(view, index * width)),
  )
}

function int16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)))
}

/** ITU-T G.711, µ-law: the byte is inverted, sign, exponent and mantissa. */
function ulawSample(byte: number): number {
  const code = ~byte & 0xff
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
  return (code & 0x80 ? -magnitude : magnitude) / 32_768
}

/** ITU-T G.711, A-law: every second bit is inverted. */
function alawSample(byte: number): number {
  const code = byte ^ 0x55
  const exponent = (code & 0x70) >> 4
  const mantissa = ((code & 0x0f) << 4) + 8
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1)
  return (code & 0x80 ? magnitude : -magnitude) / 32_768
}

/** Little-endian bytes as samples; an odd last byte is dropped. */
export function samplesOf(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int16Array.from({ length: bytes.length >> 1 }, (_, index) =>
    view.getInt16(index * 2, true),
  )
}

/**
 * Changes the sample rate by linear interpolation.
 *
 * Good enough for a voice that goes up to a near rate; no filter, so it is not for going far down.
 */
export function resample(pcm: Pcm, sampleRate: number): Pcm {
  if (pcm.sampleRate === sampleRate) return pcm
  const { samples } = pcm
  const ratio = pcm.sampleRate / sampleRate
  const output = Int16Array.from({ length: Math.floor(samples.length / ratio) }, (_, index) => {
    const at = index * ratio
    const sample = samples[Math.floor(at)] ?? 0
    const nextSample = samples[Math.floor(at) + 1] ?? sample
    return Math.round(sample + (nextSample - sample) * (at % 1))
  })
  return { samples: output, sampleRate }
}

function mixDown(samples: Int16Array, channels: number): Int16Array {
  if (channels === 1) return samples
  return Int16Array.from({ length: Math.floor(samples.length / channels) }, (_, index) => {
    const frame = samples.subarray(index * channels, (index + 1) * channels)
    return Math.round(frame.reduce((sum, sample) => sum + sample, 0) / channels)
  })
}

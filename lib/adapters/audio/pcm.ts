/** Sound as PCM: 16 bits, one channel. */
export type Pcm = { samples: Int16Array; sampleRate: number }

/** Reads a WAV of 16-bit PCM, its channels mixed into one; undefined for anything else. */
export async function readWav(bytes: Uint8Array): Promise<Pcm | undefined> {
  const { BufferSource, EncodedPacketSink, Input, WAVE } = await import('mediabunny')
  const input = new Input({ source: new BufferSource(bytes), formats: [WAVE] })
  try {
    const track = await input.getPrimaryAudioTrack()
    if (!track || (await track.getCodec()) !== 'pcm-s16') return undefined
    const pieces: Uint8Array[] = []
    for await (const packet of new EncodedPacketSink(track).packets()) pieces.push(packet.data)
    const samples = samplesOf(Buffer.concat(pieces))
    const channels = await track.getNumberOfChannels()
    return { samples: mixDown(samples, channels), sampleRate: await track.getSampleRate() }
  } catch {
    // A damaged file is as unreadable as one of another kind, and the caller treats it so.
    return undefined
  } finally {
    input.dispose()
  }
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
    const before = samples[Math.floor(at)] ?? 0
    const after = samples[Math.floor(at) + 1] ?? before
    return Math.round(before + (after - before) * (at % 1))
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

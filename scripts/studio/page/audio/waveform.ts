/** The bars of a waveform as Telegram draws it. */
export const BARS = 44

const cache = new Map<string, Promise<Waveform>>()

/** `bars` are from 0 to 1; `seconds` is the length as it plays. */
export type Waveform = { bars: number[]; seconds: number }

/** The waveform of a voice note; rejects where the browser cannot decode it. */
export function waveformOf(url: string): Promise<Waveform> {
  const waveform = cache.get(url) ?? measure(url)
  cache.set(url, waveform)
  return waveform
}

async function measure(url: string): Promise<Waveform> {
  const bytes = await (await fetch(url)).arrayBuffer()
  // One without a device: it only decodes.
  const context = new OfflineAudioContext(1, 1, 48_000)
  const buffer = await context.decodeAudioData(bytes)
  return { bars: barsOf(buffer.getChannelData(0)), seconds: buffer.duration }
}

/** The loudness of equal stretches, the loudest being 1. */
export function barsOf(samples: Float32Array): number[] {
  const length = Math.max(1, Math.floor(samples.length / BARS))
  const loudness = Array.from({ length: BARS }, (_, bar) => {
    const stretch = samples.subarray(bar * length, (bar + 1) * length)
    const energy = stretch.reduce((sum, sample) => sum + sample * sample, 0)
    return Math.sqrt(energy / length)
  })
  const loudest = Math.max(...loudness, 0.001)
  return loudness.map((value) => Math.sqrt(value / loudest))
}

import fc from 'fast-check'
import { OggOpusDecoder } from 'ogg-opus-decoder'
import { expect, test } from 'vitest'
import { oggOpusSeconds, readOggOpus } from '../../../lib/adapters/audio/ogg-reader.ts'
import { encodeSound, openEncoder } from '../../../lib/adapters/audio/opus-encoder.ts'
import { encodeVoiceNote, openVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'

const RATE = 24_000
/** 20 ms of the decoder's 48 kHz. */
const FRAME = 960
/** What libopus puts before the sound, in samples of 48 kHz: the pre-skip. */
const LOOKAHEAD = 120

function sine(samples: number, hertz = 440): Int16Array {
  return Int16Array.from({ length: samples }, (_, at) =>
    Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / RATE)),
  )
}

async function decode(ogg: Uint8Array): Promise<Float32Array> {
  const decoder = new OggOpusDecoder()
  await decoder.ready
  const { channelData, errors } = await decoder.decodeFile(ogg)
  decoder.free()
  expect(errors).toEqual([])
  const [leftChannel] = channelData
  if (leftChannel === undefined) throw new Error('nothing decoded')
  return leftChannel
}

/** Walks the Ogg pages: header type, granule position, bytes of header and of content. */
function pagesOf(ogg: Uint8Array) {
  const view = Buffer.from(ogg)
  const pages = []
  for (let at = 0; at < view.length; ) {
    expect(view.toString('latin1', at, at + 4)).toBe('OggS')
    const segments = view.subarray(at + 27, at + 27 + view.readUInt8(at + 26))
    const content = segments.reduce((sum, size) => sum + size, 0)
    const header = 27 + segments.length
    pages.push({
      type: view.readUInt8(at + 5),
      granule: Number(view.readBigInt64LE(at + 6)),
      content: view.subarray(at + header, at + header + content),
      header,
    })
    at += header + content
  }
  return pages
}

test('a voice note plays as long as the PCM it was made of, to the sample', async () => {
  const lengths = fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 60_000 }))
  await fc.assert(
    fc.asyncProperty(lengths, async (samples) => {
      const { ogg, durationSeconds } = await encodeVoiceNote(sine(samples))
      expect(durationSeconds).toBe(samples / RATE)
      const decodedPcm = await decode(ogg)
      expect(decodedPcm.length).toBeGreaterThanOrEqual(samples * 2)
      expect(decodedPcm.length).toBeLessThan(samples * 2 + FRAME)
    }),
    { numRuns: 15 },
  )
})

/** How alike two signals are, -1 to 1, the second shifted by some samples of 24 kHz. */
function correlation(pcm: Int16Array, decodedPcm: Float32Array, shift: number): number {
  let product = 0
  let pcmPower = 0
  let decodedPower = 0
  for (const [at, sample] of pcm.entries()) {
    const decodedSample = decodedPcm[(at + shift) * 2] ?? 0
    product += sample * decodedSample
    pcmPower += sample * sample
    decodedPower += decodedSample * decodedSample
  }
  return product / Math.sqrt(pcmPower * decodedPower)
}

test('a sine comes back as that sine, at its place to half a millisecond', async () => {
  const pcm = sine(RATE)
  const { ogg } = await encodeVoiceNote(pcm)
  const decodedPcm = await decode(ogg)
  // Opus' filter against low rumble shifts a tone by a few samples.
  const shifts = Array.from({ length: 25 }, (_, at) => at - 12)
  const best = Math.max(...shifts.map((shift) => correlation(pcm, decodedPcm, shift)))
  expect(best).toBeGreaterThan(0.98)
})

test('the stream has its two headers, one end, rising positions, and pages of many packets', async () => {
  const samples = RATE * 10 + 7
  const { ogg } = await encodeVoiceNote(sine(samples))
  const pages = pagesOf(ogg)
  const [head, tags, ...audio] = pages
  expect(head?.content.toString('latin1', 0, 8)).toBe('OpusHead')
  expect(tags?.content.toString('latin1', 0, 8)).toBe('OpusTags')
  expect(pages.map(({ type }) => type)).toEqual([2, 0, ...audio.slice(1).map(() => 0), 4])

  expect(head?.content.readUInt16LE(10)).toBe(LOOKAHEAD)
  const granules = audio.map(({ granule }) => granule)
  expect(granules).toEqual([...granules].sort((a, b) => a - b))
  expect(granules.at(-1)).toBe(LOOKAHEAD + samples * 2)

  const headers = pages.reduce((sum, { header }) => sum + header, 0)
  expect(headers / ogg.length).toBeLessThan(0.05)
  expect((ogg.length * 8) / 10).toBeLessThan(45_000)
})

test('PCM that arrives in pieces of any size, half a sample even, makes the same packets', async () => {
  const pcm = sine(5_000)
  const bytes = new Uint8Array(pcm.buffer)
  const allPages = pagesOf((await encodeVoiceNote(pcm)).ogg).map(({ content }) => content)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4_000 })), async (cuts) => {
      const encoder = await openEncoder(RATE)
      let at = 0
      for (const cut of cuts) {
        encoder.write(bytes.subarray(at, at + cut))
        at += cut
      }
      encoder.write(bytes.subarray(at))
      const writer = await openVoiceNote()
      await writer.add(encoder.finish())
      encoder.free()
      const { ogg } = await writer.finish()
      expect(pagesOf(ogg).map(({ content }) => content)).toEqual(allPages)
    }),
    { numRuns: 20 },
  )
})

test('other sample rates that Opus knows are taken as they are', async () => {
  for (const rate of [8_000, 12_000, 16_000, 48_000] as const) {
    const { ogg, durationSeconds } = await encodeVoiceNote(new Int16Array(rate / 2), rate)
    expect(durationSeconds).toBe(0.5)
    expect(pagesOf(ogg).at(-1)?.granule).toBe(24_000 + LOOKAHEAD)
    expect((await decode(ogg)).length).toBeGreaterThanOrEqual(24_000)
  }
})

test('joined sounds are one stream that plays them all, in order, passed on page by page', async () => {
  const sound = fc.record({
    samples: fc.integer({ min: 1, max: 9_000 }),
    rate: fc.constantFrom(24_000 as const, 48_000 as const),
    isRead: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(sound, { minLength: 1, maxLength: 4 }), async (sounds) => {
      const passedPages: Uint8Array[] = []
      const writer = await openVoiceNote((ogg) => passedPages.push(ogg))
      let frames = 0
      for (const { samples, rate, isRead } of sounds) {
        const sound = isRead
          ? readOggOpus((await encodeVoiceNote(sine(samples), rate)).ogg)
          : await encodeSound(sine(samples), rate)
        if (sound === undefined) throw new Error('not read')
        frames += sound.packets.length
        await writer.add(sound)
      }
      const { ogg, durationSeconds } = await writer.finish()
      expect(Buffer.concat(passedPages)).toEqual(Buffer.from(ogg))
      const pages = pagesOf(ogg)
      expect(pages.filter(({ type }) => type === 2)).toHaveLength(1)
      expect(pages.filter(({ type }) => type === 4)).toHaveLength(1)
      expect(oggOpusSeconds(ogg)).toBeCloseTo(durationSeconds, 6)
      const decodedPcm = await decode(ogg)
      expect(decodedPcm.length / 48_000).toBeCloseTo(durationSeconds, 1)
      expect(durationSeconds).toBeLessThanOrEqual(frames / 50)
      const seconds = sounds.reduce((sum, { samples, rate }) => sum + samples / rate, 0)
      expect(durationSeconds).toBeGreaterThanOrEqual(seconds - 1e-9)
      expect(durationSeconds).toBeLessThan(seconds + (sounds.length - 1) * 0.03 + 1e-9)
    }),
    { numRuns: 20 },
  )
})

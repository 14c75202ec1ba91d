import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readWav, resample, samplesOf } from '../../../lib/adapters/audio/pcm.ts'
import { speechFile } from '../../../scripts/studio/openai/speech.ts'

test('a WAV is read back sample by sample', async () => {
  const samples = Int16Array.from({ length: 5_000 }, (_, at) => (at * 37) % 30_000)
  const wav = await speechFile({ samples, sampleRate: 22_050 }, 'wav')
  expect(await readWav(wav?.bytes ?? new Uint8Array())).toEqual({ samples, sampleRate: 22_050 })
})

test('two channels are mixed into one', async () => {
  const samples = Int16Array.from([100, 300, -200, 0, 8, 9])
  const wav = Buffer.from((await speechFile({ samples, sampleRate: 24_000 }, 'wav'))?.bytes ?? [])
  wav.writeUInt16LE(2, 22)
  wav.writeUInt16LE(4, 32)
  expect((await readWav(wav))?.samples).toEqual(Int16Array.from([200, -100, 9]))
})

test('what is no WAV of 16-bit PCM is not read', async () => {
  expect(await readWav(Buffer.from('RIFF, but not really WAVE'))).toBeUndefined()
  expect(await readWav(new Uint8Array())).toBeUndefined()
})

test('a sound at another sample rate keeps its length and its loudness', () => {
  const rates = fc.integer({ min: 8_000, max: 48_000 })
  const sounds = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 2 })
  fc.assert(
    fc.property(sounds, rates, rates, (sound, from, to) => {
      const samples = Int16Array.from(sound)
      const result = resample({ samples, sampleRate: from }, to)
      expect(result.sampleRate).toBe(to)
      expect(Math.abs(result.samples.length / to - samples.length / from)).toBeLessThan(
        1 / to + 1e-9,
      )
      for (const sample of result.samples) {
        expect(sample).toBeLessThanOrEqual(Math.max(...sound))
        expect(sample).toBeGreaterThanOrEqual(Math.min(...sound))
      }
    }),
  )
})

test('bytes of PCM are little-endian samples, and an odd one at the end is none', () => {
  expect(samplesOf(Uint8Array.from([1, 0, 255, 255, 9]))).toEqual(Int16Array.from([1, -1]))
})

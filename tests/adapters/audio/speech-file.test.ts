import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSpeech } from '../../../lib/adapters/audio/speech-file.ts'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { wavFile } from '../../../lib/adapters/audio/wav.ts'

const RATE = 16_000
const LIMIT_SECONDS = 180
const tone = Int16Array.from({ length: RATE / 5 }, (_, at) => Math.round(8_000 * Math.sin(at / 6)))
const raw = new Uint8Array(tone.buffer)
const sample = (name: string) => readFileSync(new URL(`samples/${name}`, import.meta.url))
const read = (bytes: Uint8Array, contentType = '') => readSpeech(bytes, contentType, LIMIT_SECONDS)

async function secondsOf(bytes: Uint8Array, contentType = ''): Promise<number> {
  const speech = await read(bytes, contentType)
  if (speech.kind === 'opus') return (speech.sound.endsAt - speech.sound.preSkip) / 48_000
  return speech.kind === 'pcm' ? speech.pcm.samples.length / speech.pcm.sampleRate : Number.NaN
}

/** The tone as a WAV of another codec, by its format tag, bits and the bytes of one sample. */
function wavOf(
  tag: number,
  bits: number,
  channels: number,
  write: (file: Buffer, value: number, at: number) => void,
) {
  const width = bits / 8
  const file = Buffer.alloc(44 + tone.length * width * channels)
  Buffer.from(wavFile({ samples: tone, sampleRate: RATE })).copy(file, 0, 0, 44)
  file.writeUInt32LE(file.length - 8, 4)
  file.writeUInt16LE(tag, 20)
  file.writeUInt16LE(channels, 22)
  file.writeUInt32LE(RATE * width * channels, 28)
  file.writeUInt16LE(width * channels, 32)
  file.writeUInt16LE(bits, 34)
  file.writeUInt32LE(file.length - 44, 40)
  for (const [index, value] of tone.entries())
    for (let channel = 0; channel < channels; channel += 1)
      write(file, value / 32_768, 44 + (index * channels + channel) * width)
  return file
}

test.each([
  [
    '16 bits',
    wavOf(1, 16, 1, (file, value, at) => file.writeInt16LE(Math.round(value * 32_768), at)),
  ],
  [
    '16 bits in two channels',
    wavOf(1, 16, 2, (file, value, at) => file.writeInt16LE(Math.round(value * 32_768), at)),
  ],
  [
    '24 bits',
    wavOf(1, 24, 1, (file, value, at) => file.writeIntLE(Math.round(value * 8_388_608), at, 3)),
  ],
  [
    '32 bits',
    wavOf(1, 32, 2, (file, value, at) => file.writeInt32LE(Math.round(value * 2_147_483_648), at)),
  ],
  ['floats', wavOf(3, 32, 1, (file, value, at) => file.writeFloatLE(value, at))],
  ['doubles', wavOf(3, 64, 1, (file, value, at) => file.writeDoubleLE(value, at))],
])('speech as a WAV of %s is read sample by sample', async (_name, file) => {
  const speech = await read(file)
  expect(speech).toEqual({ kind: 'pcm', pcm: { samples: tone, sampleRate: RATE } })
})

test('speech as a WAV whose sizes say 0 is read to its end', async () => {
  const file = Buffer.from(wavFile({ samples: tone, sampleRate: RATE }))
  file.writeUInt32LE(0, 4)
  file.writeUInt32LE(0, 40)
  expect(await secondsOf(file, 'audio/wav')).toBeCloseTo(0.2, 3)
})

test('speech as MP3 or FLAC is decoded, whatever the content type says', async () => {
  for (const contentType of ['audio/mpeg', 'audio/ogg', 'application/octet-stream', '']) {
    expect(await secondsOf(sample('tone.mp3'), contentType)).toBeGreaterThan(0.19)
    expect(await secondsOf(sample('tone.flac'), contentType)).toBeCloseTo(0.2, 3)
  }
})

test('Ogg labelled as PCM is Ogg', async () => {
  const { ogg } = await encodeVoiceNote(tone, RATE)
  expect((await read(ogg, 'audio/pcm')).kind).toBe('opus')
})

test.each([
  ['audio/pcm', 24_000, 1],
  ['audio/pcm;rate=16000;channels=1', 16_000, 1],
  ['audio/L16; rate=22050; channels=2', 22_050, 2],
  ['audio/pcm; sample_rate=48000', 48_000, 1],
  ['audio/pcm;rate=1', 24_000, 1],
])('raw samples labelled %j play at %i Hz, %i channels', async (contentType, rate, channels) => {
  expect(await secondsOf(raw, contentType)).toBeCloseTo(tone.length / channels / rate, 3)
})

test('raw samples that begin as an MP3 frame does are samples', async () => {
  const samples = Uint8Array.from([0xff, 0xfb, 0x90, 0xc4, ...raw])
  expect((await read(samples, 'audio/pcm')).kind).toBe('pcm')
})

test('speech in JSON is base64', async () => {
  const base64 = sample('tone.mp3').toString('base64')
  for (const body of [
    { audio: base64 },
    { data: [{ b64_json: base64 }] },
    { audio: `data:audio/mpeg;base64,${base64}` },
  ]) {
    expect(await secondsOf(Buffer.from(JSON.stringify(body)), 'application/json')).toBeGreaterThan(
      0.19,
    )
  }
})

test('speech in a format without a decoder is named', async () => {
  expect(await read(sample('tone.aac'), 'audio/aac')).toEqual({
    kind: 'undecodable',
    format: 'aac',
  })
})

test.each([
  ['a page of HTML', Buffer.from('<!doctype html><title>502</title>')],
  ['an error as JSON', Buffer.from('{"error": {"message": "no voice of that name"}}')],
  ['a RIFF without sound', Buffer.from('RIFF    WAVEfmt ')],
])('%s is no sound', async (_name, bytes) => {
  expect((await read(bytes)).kind).toBe('no-sound')
})

test('speech that is too long is not decoded', async () => {
  const speech = await readSpeech(sample('tone.flac'), '', 0.1)
  expect(speech).toEqual({ kind: 'too-long', seconds: expect.closeTo(0.2, 3) })
  expect((await readSpeech(sample('tone.mp3'), '', 0.1)).kind).toBe('too-long')
  expect((await readSpeech(raw, 'audio/pcm', 0.1)).kind).toBe('too-long')
})

test('any bytes behind any mark of a format are read or refused, and nothing is thrown', async () => {
  const marks = fc.constantFrom(
    'fLaC',
    'ID3',
    '\xff\xfb\x90\xc4',
    'OggS',
    '{',
    'RIFF....WAVEfmt ',
    '',
  )
  await fc.assert(
    fc.asyncProperty(marks, fc.uint8Array({ maxLength: 400 }), async (mark, tail) => {
      const { kind } = await read(Buffer.concat([Buffer.from(mark, 'latin1'), tail]))
      expect(['opus', 'pcm', 'undecodable', 'no-sound', 'too-long']).toContain(kind)
    }),
    { numRuns: 20 },
  )
})

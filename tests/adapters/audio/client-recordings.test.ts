import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { inspectAudio } from '../../../lib/adapters/audio/file.ts'
import { hasTrueChecksums } from '../../../lib/adapters/audio/ogg-checksum.ts'
import { oggOpusSeconds, readOggOpus } from '../../../lib/adapters/audio/ogg-reader.ts'
import { decodeOggOpus } from '../../../lib/adapters/audio/opus-decoder.ts'
import type { OpusSound } from '../../../lib/adapters/audio/opus-encoder.ts'
import { readSpeech } from '../../../lib/adapters/audio/speech-file.ts'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { wavFile } from '../../../lib/adapters/audio/wav.ts'
import { unplayedFormatOf } from '../../../lib/app/lesson/sound-format.ts'
import { silentMp3 } from '../../../scripts/studio/openai/speech.ts'
import { adtsOf, m4aOf, oggPages } from '../../rigs/audio-samples.ts'
import { firstPage, insertPage, oggFile, packetsOf } from '../../support/ogg-files.ts'

const RATE = 24_000
const SECONDS = 2
const MAX_SECONDS = 180

const tone = (sampleRate: number, channels = 1) =>
  Int16Array.from({ length: sampleRate * channels * SECONDS }, (_, at) =>
    Math.round(8_000 * Math.sin(at / 9)),
  )

let sound: OpusSound
let ogg: Uint8Array
beforeAll(async () => {
  sound = await packetsOf(tone(RATE), { milliseconds: 20, sampleRate: RATE, channels: 1 })
  ogg = oggFile(sound, {})
})

const hexOf = (packets: readonly Uint8Array[] = []) =>
  packets.map((packet) => Buffer.from(packet).toString('hex'))

const playedSeconds = async (file: Uint8Array) => {
  const pcm = await decodeOggOpus(file)
  return pcm === undefined ? 0 : pcm.samples.length / pcm.sampleRate
}

test.each([
  ['packets of 2.5 ms', 2.5, 48_000, 1],
  ['packets of 5 ms', 5, 48_000, 1],
  ['packets of 40 ms, as libopus’ own tool by choice', 40, 16_000, 1],
  ['packets of 60 ms, as WhatsApp', 60, 16_000, 1],
  ['8 kHz', 20, 8_000, 1],
  ['two channels at 48 kHz', 20, 48_000, 2],
] as const)(
  'a voice note of %s is as long as a decoder plays it',
  async (_name, milliseconds, sampleRate, channels) => {
    const packets = await packetsOf(tone(sampleRate, channels), {
      milliseconds,
      sampleRate,
      channels,
    })
    const audio = await inspectAudio(oggFile(packets, { channels }))
    expect(audio?.durationSeconds).toBeGreaterThan(SECONDS - 0.2)
    expect(audio?.durationSeconds).toBeCloseTo(await playedSeconds(audio?.bytes ?? ogg), 3)
  },
)

/** A packet of several frames of any size, as the encoder makes of 120 ms (RFC 6716, 3.2.5). */
function join(packets: readonly Uint8Array[]): Uint8Array {
  const frames = packets.map((packet) => packet.subarray(1))
  const sizes = frames
    .slice(0, -1)
    .flatMap(({ length }) =>
      length < 252 ? [length] : [252 + (length & 3), (length - 252 - (length & 3)) / 4],
    )
  const head = [(packets[0]?.[0] ?? 0) | 3, 0x80 | packets.length, ...sizes]
  return Buffer.concat([Uint8Array.from(head), ...frames])
}

test('a voice note of packets of 120 ms is as long as a decoder plays it', async () => {
  const packets = Array.from({ length: Math.floor(sound.packets.length / 6) }, (_, at) =>
    join(sound.packets.slice(at * 6, at * 6 + 6)),
  )
  const file = oggFile({ ...sound, packets }, {})
  expect((await inspectAudio(file))?.durationSeconds).toBeCloseTo(await playedSeconds(file), 3)
  expect(await playedSeconds(file)).toBeGreaterThan(SECONDS - 0.2)
})

describe('a voice note', () => {
  test.each([
    [
      'says -1 for the position of each page but the last',
      (at: number, isLast: boolean) => (isLast ? at : -1),
    ],
    [
      'says -1 for the position of its last page',
      (at: number, isLast: boolean) => (isLast ? -1 : at),
    ],
    [
      'counts positions from the time at which its recorder was started',
      (at: number) => at + 5_000_000,
    ],
    ['counts positions at 16 kHz', (at: number) => Math.round(at / 3)],
  ] as const)('a voice note that %s is as long as its packets', async (_name, positionOf) => {
    const audio = await inspectAudio(oggFile(sound, { positionOf }))
    expect(audio?.durationSeconds).toBeCloseTo(SECONDS, 1)
  })

  test('a voice note whose run-up is longer than a second plays what is behind it', async () => {
    const audio = await inspectAudio(oggFile(sound, { preSkip: 60_000 }))
    expect(audio?.durationSeconds).toBeCloseTo(SECONDS - 60_000 / 48_000, 2)
    expect(await inspectAudio(oggFile(sound, { preSkip: 65_535 }))).toBeDefined()
  })

  test('a voice note with silence left out goes on with packets of a byte', async () => {
    // Discontinuous transmission: the table of contents alone.
    const silent = sound.packets.map((packet, at) =>
      at > 10 && at < 60 ? packet.subarray(0, 1) : packet,
    )
    const audio = await inspectAudio(oggFile({ ...sound, packets: silent }, {}))
    expect(audio?.durationSeconds).toBeCloseTo(SECONDS, 1)
    expect(await playedSeconds(audio?.bytes ?? ogg)).toBeCloseTo(SECONDS, 1)
  })

  test('a voice note with a wrong checksum on a page is handed on with a true one', async () => {
    expect(hasTrueChecksums(ogg)).toBe(true)
    for (const wrongPage of [0, 1, 20, oggPages(ogg).length - 1]) {
      const file = oggFile(sound, { wrongPage })
      expect(hasTrueChecksums(file)).toBe(false)
      const audio = await inspectAudio(file)
      expect(audio?.durationSeconds).toBeCloseTo(SECONDS, 1)
      expect(hasTrueChecksums(audio?.bytes ?? file)).toBe(true)
      expect(hexOf(readOggOpus(audio?.bytes ?? file)?.packets)).toEqual(hexOf(sound.packets))
    }
    expect((await inspectAudio(ogg))?.bytes).toBe(ogg)
  })

  test('a voice note with a second stream beside it, behind it or in its packets is refused', async () => {
    const skeleton = firstPage(Buffer.from('fishead\0'))
    expect(await inspectAudio(insertPage(ogg, 1, skeleton))).toBeUndefined()
    expect(
      await inspectAudio(Buffer.concat([ogg, firstPage(Buffer.from('OpusHead'))])),
    ).toBeUndefined()
    // Family 1 with four streams for six channels, and family 255 with three for three.
    for (const mapping of [
      [1, 4, 2, 0, 4, 1, 2, 3, 5],
      [255, 3, 0, 0, 1, 2],
    ]) {
      const file = oggFile(sound, { channels: mapping.length - 3, mapping })
      expect(oggOpusSeconds(file)).toBeUndefined()
      expect(unplayedFormatOf(file)).toBe('Opus of several channels')
    }
    const stereo = oggFile(sound, { channels: 2, mapping: [1, 1, 1, 0, 1] })
    expect(oggOpusSeconds(stereo)).toBeCloseTo(SECONDS, 1)
  })
})

test('AAC without a container, as Signal records it, is handed on as M4A', async () => {
  const audio = await inspectAudio(adtsOf(SECONDS))
  expect(audio).toMatchObject({
    format: 'm4a',
    codec: 'aac',
    fileName: 'voice.m4a',
    mimeType: 'audio/mp4',
  })
  expect(audio?.durationSeconds).toBeCloseTo(SECONDS, 1)
  const secondResult = await inspectAudio(audio?.bytes ?? new Uint8Array())
  expect(secondResult?.durationSeconds).toBeCloseTo(audio?.durationSeconds ?? 0, 3)
})

test('FLAC is as long as its frames', async () => {
  const file = readFileSync(new URL('samples/tone.flac', import.meta.url))
  expect(await inspectAudio(file)).toMatchObject({
    format: 'flac',
    codec: 'flac',
    mimeType: 'audio/flac',
    durationSeconds: expect.closeTo(0.2, 3),
  })
})

test('AAC in a file of QuickTime’s brand is AAC in M4A', async () => {
  const file = Buffer.from(await m4aOf(SECONDS))
  file.write('qt  ', 8, 'latin1')
  expect((await inspectAudio(file))?.durationSeconds).toBeCloseTo(SECONDS, 1)
})

test('AAC whose container says twice the rate of its coder is counted by its coder', async () => {
  // AAC-LC at 24 kHz, and behind it that spectral band replication doubles it, as fdk-aac signals HE-AAC.
  const config = [0x13, 0x08, 0x56, 0xe5, 0x98]
  const file = await m4aOf(SECONDS, { config, packet: 1_024 / 24_000 })
  expect((await inspectAudio(file))?.durationSeconds).toBeCloseTo(SECONDS, 1)
  // A rate in 24 bits: 16,000 Hz.
  const recording = await m4aOf(SECONDS, {
    config: [0x17, 0x80, 0x1f, 0x40, 0x08],
    packet: 1_024 / 16_000,
  })
  expect((await inspectAudio(recording))?.durationSeconds).toBeCloseTo(SECONDS, 1)
})

test('xHE-AAC, whose packets are longer than those of other AAC, is refused', async () => {
  expect(
    await inspectAudio(await m4aOf(SECONDS, { config: [0xf9, 0x46, 0x43, 0x22] })),
  ).toBeUndefined()
})

test('an MP3 behind a tag of 60 kB is as long as without', async () => {
  const size = 60_000
  const tag = Buffer.alloc(10 + size)
  tag.write('ID3\x04\0\0', 'latin1')
  tag.set([0, size >> 14, (size >> 7) & 0x7f, size & 0x7f], 6)
  const mp3 = silentMp3(SECONDS).bytes
  const audio = await inspectAudio(Buffer.concat([tag, mp3]))
  expect(audio?.durationSeconds).toBeCloseTo((await inspectAudio(mp3))?.durationSeconds ?? 0, 3)
})

/** A WAV with another chunk of format. */
function wavWith(format: Buffer, samples: Uint8Array): Buffer {
  const header = Buffer.from('RIFF\0\0\0\0WAVEfmt \0\0\0\0', 'latin1')
  header.writeUInt32LE(format.length, 16)
  const data = Buffer.from('data\0\0\0\0', 'latin1')
  data.writeUInt32LE(samples.length, 4)
  const file = Buffer.concat([header, format, data, samples])
  file.writeUInt32LE(file.length - 8, 4)
  return file
}

function formatChunk(
  tag: number,
  bits: number,
  channels: number,
  extension: readonly number[] = [],
): Buffer {
  const chunk = Buffer.alloc(16 + extension.length)
  chunk.writeUInt16LE(tag, 0)
  chunk.writeUInt16LE(channels, 2)
  chunk.writeUInt32LE(8_000, 4)
  chunk.writeUInt32LE(8_000 * channels * (bits / 8), 8)
  chunk.writeUInt16LE(channels * (bits / 8), 12)
  chunk.writeUInt16LE(bits, 14)
  chunk.set(extension, 16)
  return chunk
}

/** WAVE_FORMAT_EXTENSIBLE: 24 valid bits, any speaker, and the format as a GUID that begins with PCM's tag. */
const EXTENSION = [
  22, 0, 24, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113,
]

test.each([
  ['µ-law at 8 kHz', wavWith(formatChunk(7, 8, 1), Buffer.alloc(8_000 * SECONDS, 0xff))],
  [
    '24 bits in the extensible format',
    wavWith(formatChunk(0xfffe, 24, 2, EXTENSION), Buffer.alloc(8_000 * SECONDS * 6)),
  ],
])('a WAV of %s is heard and spoken whole', async (_name, file) => {
  expect((await inspectAudio(file))?.durationSeconds).toBeCloseTo(SECONDS, 3)
  const speech = await readSpeech(file, '', MAX_SECONDS)
  expect(speech.kind === 'pcm' && speech.pcm.samples.length).toBe(8_000 * SECONDS)
})

const latin1 = (text: string) => Buffer.from(text, 'latin1')
/** An MP4 with another handler or codec, and so without the configuration of AAC. */
const mp4With = async (from: string, to: string) =>
  latin1(
    Buffer.from(await m4aOf(SECONDS))
      .toString('latin1')
      .replace(from, to)
      .replace('esds', 'free'),
  )

test.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
  ['AMR', () => latin1('#!AMR\n<\x91\x17')],
  ['AMR', () => latin1('#!AMR-WB\n\x04')],
  ['SILK', () => latin1('\x02#!SILK_V3\f\0')],
  ['CAF', () => latin1('caff\0\x01\0\0desc')],
  ['AIFF', () => latin1('FORM\0\x05\x72\xc6AIFFCOMM')],
  ['AIFF', () => latin1('FORM\0\x05\x72\xc6AIFCFVER')],
  ['AU', () => latin1('.snd\0\0\0\x1c')],
  ['WMA', () => latin1('0&\xb2u\x8ef\xcf\x11\xa6\xd9')],
  ['AC-3', () => latin1('\x0bw\xb2\x2b')],
  ['RF64', () => latin1('RF64\xff\xff\xff\xffWAVEds64')],
  ['Wave64', () => latin1('riff\x2e\x91\xcf\x11\xa5\xd6')],
  ['WAV with ADPCM', () => wavWith(formatChunk(0x11, 8, 1), Buffer.alloc(512))],
  ['WAV with GSM', () => wavWith(formatChunk(0x31, 8, 1), Buffer.alloc(650))],
  ['WAV with MP3', () => wavWith(formatChunk(0x55, 8, 1), Buffer.alloc(650))],
  ['Ogg Vorbis', () => firstPage(latin1('\x01vorbis\0\0\0\0'))],
  ['Ogg FLAC', () => firstPage(latin1('\x7fFLAC\x01\0'))],
  ['Ogg Speex', () => firstPage(latin1('Speex   1.2'))],
  ['video', () => firstPage(latin1('\x80theora\x03'))],
  ['video', () => mp4With('mhlrsoun', 'mhlrvide')],
  ['Apple Lossless', () => mp4With('mp4a', 'alac')],
  ['AMR', () => mp4With('mp4a', 'samr')],
  ['WebM with Vorbis', () => latin1('\x1a\x45\xdf\xa3webmA_VORBIS')],
  ['Matroska', () => latin1('\x1a\x45\xdf\xa3\x42\x82\x88matroska')],
  ['video', () => latin1('FLV\x01\x05')],
  ['MPEG-TS', () => Buffer.alloc(188 * 4, 'G')],
  ['LATM', () => latin1('V\xe0\x5e\x20\0')],
  ['MP2', () => latin1('\xff\xfd\xa4\x04')],
  ['MP3 of free format', () => latin1('\xff\xfb\x04\xc4\0')],
])('%s is refused by its name, as a recording and as speech', async (name, make) => {
  const file = await make()
  expect(await inspectAudio(file)).toBeUndefined()
  expect(unplayedFormatOf(file)).toBe(name)
  expect(await readSpeech(file, '', MAX_SECONDS)).toEqual({ kind: 'undecodable', format: name })
})

test('what can be played, or is nothing that is recorded, has no name of a format that cannot', async () => {
  const files = [
    (await encodeVoiceNote(tone(RATE))).ogg,
    wavFile({ samples: tone(RATE), sampleRate: RATE }),
    silentMp3(SECONDS).bytes,
    adtsOf(SECONDS),
    await m4aOf(SECONDS),
    latin1('Ahoj, tohle je text.'),
    new Uint8Array(),
  ]
  expect(files.map(unplayedFormatOf)).toEqual(files.map(() => undefined))
})

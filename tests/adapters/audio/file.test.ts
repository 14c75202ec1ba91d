import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { COUNTED_SECONDS } from '../../../lib/adapters/audio/container.ts'
import { inspectAudio } from '../../../lib/adapters/audio/file.ts'
import { readOggOpus } from '../../../lib/adapters/audio/ogg-reader.ts'
import { decodeOggOpus } from '../../../lib/adapters/audio/opus-decoder.ts'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { silentMp3, speechFile } from '../../../scripts/studio/openai/speech.ts'
import { m4aOf, oggPages, webmOf } from '../../rigs/audio-samples.ts'
import { emptyPage, insertPage, oggFile, packetsOf, withFlags } from '../../support/ogg-files.ts'

const RATE = 24_000
const SECONDS = 4
const samples = Int16Array.from({ length: RATE * SECONDS }, (_, at) =>
  Math.round(8_000 * Math.sin(at / 9)),
)

let ogg: Uint8Array
let wav: Uint8Array
let webm: Uint8Array
let m4a: Uint8Array
const mp3 = silentMp3(SECONDS).bytes

beforeAll(async () => {
  ogg = (await encodeVoiceNote(samples)).ogg
  wav = (await speechFile({ samples, sampleRate: RATE }, 'wav'))?.bytes ?? new Uint8Array()
  webm = await webmOf(ogg)
  m4a = await m4aOf(SECONDS)
})

test('what a file is and how long it plays is read from its content', async () => {
  expect(await inspectAudio(ogg)).toEqual({
    format: 'ogg',
    codec: 'opus',
    mimeType: 'audio/ogg',
    fileName: 'voice.ogg',
    durationSeconds: expect.closeTo(SECONDS, 3),
    bytes: ogg,
  })
  expect(await inspectAudio(wav)).toMatchObject({
    format: 'wav',
    codec: 'pcm-s16',
    mimeType: 'audio/wav',
    fileName: 'voice.wav',
    durationSeconds: expect.closeTo(SECONDS, 3),
  })
  expect(await inspectAudio(mp3)).toMatchObject({
    format: 'mp3',
    codec: 'mp3',
    mimeType: 'audio/mpeg',
    fileName: 'voice.mp3',
    durationSeconds: expect.closeTo(SECONDS, 1),
  })
  expect(await inspectAudio(webm)).toMatchObject({
    format: 'webm',
    codec: 'opus',
    mimeType: 'audio/webm',
    fileName: 'voice.webm',
    durationSeconds: expect.closeTo(SECONDS, 1),
  })
  expect(await inspectAudio(m4a)).toMatchObject({
    format: 'm4a',
    codec: 'aac',
    mimeType: 'audio/mp4',
    fileName: 'voice.m4a',
    durationSeconds: expect.closeTo(SECONDS, 1),
  })
})

test.each([
  ['nothing', new Uint8Array()],
  ['a text', Buffer.from('Ahoj, tohle je text a ne zvuk. '.repeat(40))],
  ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ['a page of HTML', Buffer.from('<!doctype html><title>502</title>')],
])('%s is no audio', async (_name, bytes) => {
  expect(await inspectAudio(bytes)).toBeUndefined()
})

test('the RIFF of a WAV that claims four gigabytes plays what is there', async () => {
  const lyingWav = Buffer.from(wav)
  lyingWav.writeUInt32LE(0xffff_ffff, 4)
  lyingWav.writeUInt32LE(0xffff_fff0, 40)
  expect((await inspectAudio(lyingWav))?.durationSeconds).toBeCloseTo(SECONDS, 2)
})

test('a WAV whose sample rate cannot be is no audio', async () => {
  for (const rate of [0, 1, 4_000_000_000]) {
    const lyingWav = Buffer.from(wav)
    lyingWav.writeUInt32LE(rate, 24)
    expect(await inspectAudio(lyingWav)).toBeUndefined()
  }
})

test('an Ogg whose positions lie is as long as its packets', async () => {
  const pages = oggPages(ogg)
  for (const position of [0n, 48_000n * 3_600n, 0x7fff_ffff_ffff_ffffn, -1n]) {
    const lyingOgg = Buffer.from(ogg)
    for (const { at } of pages.slice(2)) lyingOgg.writeBigInt64LE(position, at + 6)
    const content = await inspectAudio(lyingOgg)
    expect(Math.abs((content?.durationSeconds ?? SECONDS) - SECONDS)).toBeLessThan(0.05)
  }
})

test('a second Ogg stream hidden behind the first is refused', async () => {
  const shortNote = (await encodeVoiceNote(samples.subarray(0, RATE / 2))).ogg
  expect(await inspectAudio(Buffer.concat([shortNote, ogg]))).toBeUndefined()
})

test.each<[string, (ogg: Buffer) => Buffer]>([
  ['flags its end before the last page', (ogg) => withFlags(ogg, 2, 4)],
  [
    'flags its end on every page',
    (ogg) =>
      oggPages(ogg).reduce((file, _, page) => withFlags(file, page, page === 0 ? 6 : 4), ogg),
  ],
  ['never flags its end', (ogg) => withFlags(ogg, oggPages(ogg).length - 1, 0)],
  [
    'ends with an empty page',
    (ogg) => Buffer.concat([withFlags(ogg, oggPages(ogg).length - 1, 0), emptyPage(ogg, 4)]),
  ],
  ['has an empty page in its middle', (ogg) => insertPage(ogg, 3, emptyPage(ogg, 0))],
  ['has zeros behind its last page', (ogg) => Buffer.concat([ogg, Buffer.alloc(500)])],
  [
    'has other bytes between two pages',
    (ogg) => insertPage(ogg, 3, Buffer.from('TAG of a recorder')),
  ],
])(
  'a voice note that %s is as long as its packets, and handed on in order',
  async (_name, change) => {
    const file = change(Buffer.from(ogg))
    const audio = await inspectAudio(file)
    expect(audio?.durationSeconds).toBeCloseTo(SECONDS, 1)
    const pages = oggPages(audio?.bytes ?? new Uint8Array())
    const ends = pages.map(({ at }) => ((audio?.bytes[at + 5] ?? 0) & 4) !== 0)
    expect(ends.indexOf(true)).toBe(pages.length - 1)
    expect((await decodeOggOpus(audio?.bytes ?? new Uint8Array()))?.samples.length).toBeGreaterThan(
      16_000 * (SECONDS - 0.1),
    )
  },
)

test('a voice note that is cut anywhere plays up to there', async () => {
  const [, , firstAudio] = oggPages(ogg)
  const from = (firstAudio?.at ?? 0) + 400
  for (const cutAt of [from, Math.round((from + ogg.length) / 2), ogg.length - 1]) {
    const audio = await inspectAudio(ogg.subarray(0, cutAt))
    const share = (cutAt - from) / (ogg.length - from)
    expect(audio?.durationSeconds ?? 0).toBeGreaterThan(SECONDS * share - 0.5)
    expect(await decodeOggOpus(audio?.bytes ?? new Uint8Array())).toBeDefined()
  }
})

test('a voice note whose comment goes over several pages, or whose packets last 60 ms, is a voice note', async () => {
  const sound = readOggOpus(ogg)
  if (sound === undefined) throw new Error('not read')
  const longHeaderFile = oggFile(sound, { comment: 'x'.repeat(70_000) })
  expect(oggPages(longHeaderFile).length).toBeGreaterThan(3)
  expect((await inspectAudio(longHeaderFile))?.durationSeconds).toBeCloseTo(SECONDS, 1)
  const packets = await packetsOf(samples, { milliseconds: 60, sampleRate: RATE, channels: 1 })
  expect((await inspectAudio(oggFile(packets, {})))?.durationSeconds).toBeCloseTo(SECONDS, 1)
})

test('a recording whose WAV sizes say 0, or more than there is, is read and handed on to its end', async () => {
  for (const size of [0, 0xffff_ffff, wav.length * 3]) {
    const lyingWav = Buffer.from(wav)
    lyingWav.writeUInt32LE(size, 4)
    lyingWav.writeUInt32LE(size, 40)
    const audio = await inspectAudio(lyingWav)
    expect(audio?.durationSeconds).toBeCloseTo(SECONDS, 3)
    expect(Buffer.from(audio?.bytes ?? []).equals(wav)).toBe(true)
  }
})

test('an M4A of HE-AAC is as long as it plays, at half of its rate', async () => {
  // AudioSpecificConfig: spectral band replication, core at 24 kHz, 48 kHz out, as Android writes it.
  const file = await m4aOf(SECONDS, { config: [0x2b, 0x09, 0x88, 0x00], packet: 1024 / 24_000 })
  expect((await inspectAudio(file))?.durationSeconds).toBeCloseTo(SECONDS, 1)
})

test('a webm whose time stamps stand still is as long as its packets', async () => {
  expect((await inspectAudio(await webmOf(ogg, 0.001)))?.durationSeconds).toBeCloseTo(SECONDS, 1)
})

test('a file of an hour is not counted to its end', async () => {
  const rate = 8_000
  const hour = Buffer.concat([wav.subarray(0, 44), Buffer.alloc(rate * 2 * 3_600)])
  hour.writeUInt32LE(rate, 24)
  hour.writeUInt32LE(rate * 2, 28)
  hour.writeUInt32LE(hour.length - 8, 4)
  hour.writeUInt32LE(hour.length - 44, 40)
  expect((await inspectAudio(hour))?.durationSeconds).toBe(COUNTED_SECONDS)
})

test('a webm on which its reader loops for ever is given up after three seconds of processor time', async () => {
  // A Tracks element whose size is no number: mediabunny finds it again and again at the same place.
  const endless = Buffer.from('1a45dfa38b4282847765626d4287810418538067ff1654ae6b00', 'hex')
  expect(await inspectAudio(Buffer.concat([endless, Buffer.alloc(16)]))).toBeUndefined()
})

type Damage = { cut: number; changes: [at: number, byte: number][]; onlyHead: boolean }

const damages: fc.Arbitrary<Damage> = fc.record({
  cut: fc.oneof(fc.constant(0), fc.nat()),
  changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
  // Headers are where most harm is done.
  onlyHead: fc.boolean(),
})

function spoil(file: Uint8Array, { cut, changes, onlyHead }: Damage): Uint8Array {
  const bytes = Buffer.from(file)
  for (const [at, byte] of changes) bytes[at % (onlyHead ? 400 : bytes.length)] = byte
  return bytes.subarray(0, bytes.length - (cut % bytes.length))
}

test('an Ogg cut or with bytes changed never throws and never plays longer than its packets can', async () => {
  await fc.assert(
    fc.asyncProperty(damages, async (damage) => {
      const bytes = spoil(ogg, damage)
      const content = await inspectAudio(bytes)
      // A packet of one byte plays 120 ms at most.
      expect(content?.durationSeconds ?? 0).toBeLessThanOrEqual(bytes.length * 0.12)
    }),
    { numRuns: 500 },
  )
})

test('any other file cut or with bytes changed never throws and stays within bounds', async () => {
  const files = fc.constantFrom('wav', 'mp3', 'webm', 'm4a')
  await fc.assert(
    fc.asyncProperty(files, damages, async (name, damage) => {
      const content = await inspectAudio(spoil({ wav, mp3, webm, m4a }[name] ?? wav, damage))
      expect(content?.durationSeconds ?? 0).toBeLessThanOrEqual(COUNTED_SECONDS)
    }),
    // Each file starts a thread, and a file on which its reader loops takes three seconds.
    { numRuns: 16 },
  )
})

test('no bytes behind a format mark make it throw', async () => {
  const marks = [
    'OggS',
    'RIFF....WAVEfmt ',
    'ID3',
    '\xff\xfb\x90\xc4',
    '....ftypM4A ',
    '\x1a\x45\xdf\xa3',
  ]
  const junk = fc.uint8Array({ minLength: 200, maxLength: 600 })
  for (const mark of marks) {
    const [tail = new Uint8Array()] = fc.sample(junk, { seed: 7, numRuns: 1 })
    expect(await inspectAudio(Buffer.concat([Buffer.from(mark, 'latin1'), tail]))).toBeUndefined()
  }
})

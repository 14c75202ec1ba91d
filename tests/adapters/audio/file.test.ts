import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { COUNTED_SECONDS } from '../../../lib/adapters/audio/container.ts'
import { inspectAudio } from '../../../lib/adapters/audio/file.ts'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { silentMp3, speechFile } from '../../../scripts/studio/openai/speech.ts'
import { m4aOf, oggPages, webmOf } from '../../rigs/audio-samples.ts'

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
  const lying = Buffer.from(wav)
  lying.writeUInt32LE(0xffff_ffff, 4)
  lying.writeUInt32LE(0xffff_fff0, 40)
  expect((await inspectAudio(lying))?.durationSeconds).toBeCloseTo(SECONDS, 2)
})

test('a WAV whose sample rate cannot be is no audio', async () => {
  for (const rate of [0, 1, 4_000_000_000]) {
    const lying = Buffer.from(wav)
    lying.writeUInt32LE(rate, 24)
    expect(await inspectAudio(lying)).toBeUndefined()
  }
})

test('an Ogg whose positions lie is as long as its packets', async () => {
  const pages = oggPages(ogg)
  for (const position of [0n, 48_000n * 3_600n, 0x7fff_ffff_ffff_ffffn, -1n]) {
    const lying = Buffer.from(ogg)
    for (const { at } of pages.slice(2)) lying.writeBigInt64LE(position, at + 6)
    const content = await inspectAudio(lying)
    expect(Math.abs((content?.durationSeconds ?? SECONDS) - SECONDS)).toBeLessThan(0.05)
  }
})

test('a second Ogg stream hidden behind the first is refused', async () => {
  const short = (await encodeVoiceNote(samples.subarray(0, RATE / 2))).ogg
  expect(await inspectAudio(Buffer.concat([short, ogg]))).toBeUndefined()
})

test('an Ogg that goes on after its last page is refused', async () => {
  const lying = Buffer.from(ogg)
  const [, , firstAudio] = oggPages(ogg)
  lying.writeUInt8(4, (firstAudio?.at ?? 0) + 5)
  expect(oggPages(ogg).length).toBeGreaterThan(3)
  expect(await inspectAudio(lying)).toBeUndefined()
})

test('a webm whose time stamps stand still is as long as its packets', async () => {
  expect((await inspectAudio(await webmOf(ogg, 0.001)))?.durationSeconds).toBeCloseTo(SECONDS, 1)
})

test('a file of an hour is not counted to its end', async () => {
  const hour = Buffer.concat([wav.subarray(0, 44), Buffer.alloc(RATE * 2 * 3_600)])
  hour.writeUInt32LE(hour.length - 8, 4)
  hour.writeUInt32LE(hour.length - 44, 40)
  expect((await inspectAudio(hour))?.durationSeconds).toBe(COUNTED_SECONDS)
})

test('a webm on which its reader loops for ever is given up after three seconds', async () => {
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
    // Each starts a thread, and one that its reader loops on takes three seconds.
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

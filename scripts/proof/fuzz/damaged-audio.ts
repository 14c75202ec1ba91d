import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { encodeVoiceNote } from '../../../lib/adapters/ogg-opus.ts'
import { silentMp3, speechFile } from '../../studio/openai-speech.ts'
import { RECORDINGS_FOLDER } from '../../studio/openai-transcription.ts'
import { m4aOf, oggPages, webmOf } from '../audio-samples.ts'

export type Bytes = Uint8Array<ArrayBuffer>

const recordings = ['1-shop', '2-prague', '3-food', 'russian', 'silence'].map(recording)
const [shop = new Uint8Array()] = recordings

export function recording(name: string): Bytes {
  return new Uint8Array(readFileSync(new URL(`${name}.ogg`, RECORDINGS_FOLDER)))
}

const RATE = 24_000
const samples = Int16Array.from({ length: RATE }, (_, at) => Math.round(8_000 * Math.sin(at / 9)))
const small = new Uint8Array((await encodeVoiceNote(samples, RATE)).ogg)

/** One second in each container but Ogg, as devices make them. */
const others: readonly Bytes[] = await Promise.all([
  speechFile({ samples, sampleRate: RATE }, 'wav').then((file) => file?.bytes ?? new Uint8Array()),
  webmOf(shop),
  m4aOf(1),
  Promise.resolve(silentMp3(1).bytes),
]).then((files) => files.map((file) => new Uint8Array(file)))

type Damage =
  | { kind: 'bits'; flips: [at: number, bit: number][]; within: number }
  | { kind: 'cut'; from: number; to: number }
  | { kind: 'twice'; from: number; length: number }
  | { kind: 'bytes'; at: number; bytes: Uint8Array }
  | { kind: 'number'; at: number; value: bigint }

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({
    kind: fc.constant('bits' as const),
    flips: fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 12 }),
    // Headers are where most harm is done.
    within: fc.constantFrom(60, 400, Number.MAX_SAFE_INTEGER),
  }),
  fc.record({ kind: fc.constant('cut' as const), from: fc.nat(), to: fc.nat() }),
  fc.record({ kind: fc.constant('twice' as const), from: fc.nat(), length: fc.nat(5_000) }),
  fc.record({
    kind: fc.constant('bytes' as const),
    at: fc.nat(),
    bytes: fc.uint8Array({ maxLength: 40 }),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    at: fc.nat(400),
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  }),
)

function damaged(file: Bytes, damages: readonly Damage[]): Bytes {
  return damages.reduce((bytes, each) => damagedOnce(bytes, each), file)
}

function damagedOnce(file: Bytes, harm: Damage): Bytes {
  const bytes = new Uint8Array(file)
  const within = (at: number, length = bytes.length) => (length <= 0 ? 0 : at % length)
  switch (harm.kind) {
    case 'bits':
      for (const [at, bit] of harm.flips) {
        const place = within(at, Math.min(bytes.length, harm.within))
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
      }
      return bytes
    case 'cut': {
      const ends = [within(harm.from), within(harm.to)].sort((a, b) => a - b)
      return bytes.slice(...ends)
    }
    case 'twice': {
      const from = within(harm.from)
      return joined(bytes.subarray(0, from + harm.length), bytes.subarray(from))
    }
    case 'bytes': {
      const at = within(harm.at)
      return joined(bytes.subarray(0, at), harm.bytes, bytes.subarray(at))
    }
    case 'number': {
      if (bytes.length < 8) return bytes
      new DataView(bytes.buffer).setBigInt64(within(harm.at, bytes.length - 7), harm.value, true)
      return bytes
    }
  }
}

export function joined(...parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(Buffer.concat(parts))
}

/** Ogg pages of any content: headers that fit and lie, tables of any length, positions out of this world. */
const page = fc
  .record({
    flags: fc.nat(7),
    position: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constant(-1n)),
    lacing: fc.uint8Array({ maxLength: 255 }),
    head: fc.boolean(),
  })
  .chain(({ lacing, head, ...rest }) => {
    const length = lacing.reduce((sum, size) => sum + size, 0)
    const content = fc.uint8Array({ minLength: 0, maxLength: 600 })
    return fc.record({
      ...Object.fromEntries(
        Object.entries(rest).map(([name, value]) => [name, fc.constant(value)]),
      ),
      bytes: content.map((start) => pageBytes(rest, lacing, length, head, start)),
    })
  })
  .map(({ bytes }) => bytes)

function pageBytes(
  { flags, position }: { flags: number; position: bigint },
  lacing: Uint8Array,
  length: number,
  head: boolean,
  start: Uint8Array,
): Bytes {
  const table = head ? Uint8Array.of(19) : lacing
  const bytes = Buffer.alloc(27 + table.length + (head ? 19 : length))
  bytes.write('OggS', 'latin1')
  bytes.writeUInt8(flags, 5)
  bytes.writeBigInt64LE(position, 6)
  bytes.writeUInt8(table.length, 26)
  bytes.set(table, 27)
  bytes.set(start.subarray(0, bytes.length - 27 - table.length), 27 + table.length)
  if (head) bytes.write('OpusHead', 28, 'latin1')
  return new Uint8Array(bytes)
}

/** The pages of a good file in another order, some left out, some twice. */
const shuffled = fc.array(fc.nat(40), { maxLength: 12 }).map((order) => {
  const starts = oggPages(small).map(({ at }) => at)
  const pages = starts.map((at, index) => small.subarray(at, starts[index + 1] ?? small.length))
  return joined(...order.map((place) => pages[place % pages.length] ?? new Uint8Array()))
})

/** Something that calls itself Ogg. */
export const hostileOgg: fc.Arbitrary<Bytes> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(small, small, ...recordings),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
      )
      .map(([file, damages]) => damaged(file, damages)),
  },
  { weight: 2, arbitrary: shuffled },
  { weight: 2, arbitrary: fc.array(page, { maxLength: 6 }).map((pages) => joined(...pages)) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 300 }).map((rest) => joined(MARKS.ogg, rest)),
  },
)

const MARKS = {
  ogg: Buffer.from('OggS'),
  wav: Buffer.from('RIFF\xff\xff\xff\xffWAVEfmt ', 'latin1'),
  tagged: Buffer.from('ID3'),
  mp3: Buffer.from('\xff\xfb\x90\xc4', 'latin1'),
  m4a: Buffer.from('\x00\x00\x00\x18ftypM4A ', 'latin1'),
  webm: Buffer.from('\x1a\x45\xdf\xa3', 'latin1'),
} as const

/** Something that calls itself WAV, MP3, M4A or WebM. */
export const hostileContainer: fc.Arbitrary<Bytes> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...others), fc.array(damage, { minLength: 1, maxLength: 3 }))
    .map(([file, damages]) => damaged(file, damages)),
  fc
    .tuple(fc.constantFrom(...Object.values(MARKS)), fc.uint8Array({ maxLength: 2_000 }))
    .map((parts) => joined(...parts)),
)

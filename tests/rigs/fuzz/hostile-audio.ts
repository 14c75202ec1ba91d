import fc from 'fast-check'
import { oggPages } from '../audio-samples.ts'
import { damagedOneOf, joinBytes } from './damaged-audio.ts'
import { type Bytes, OTHER_FILES, RECORDINGS, SHORT_OGG } from './good-audio.ts'

/** By what a file is known, and what a file that is none may begin with. */
const MARKS = {
  ogg: Buffer.from('OggS'),
  wav: Buffer.from('RIFF\xff\xff\xff\xffWAVEfmt ', 'latin1'),
  tagged: Buffer.from('ID3'),
  mp3: Buffer.from('\xff\xfb\x90\xc4', 'latin1'),
  m4a: Buffer.from('\x00\x00\x00\x18ftypM4A ', 'latin1'),
  flac: Buffer.from('fLaC'),
  aac: Buffer.from('\xff\xf1\x4c\x40\x0d\x7f\xfc', 'latin1'),
  amr: Buffer.from('#!AMR'),
  webm: Buffer.from('\x1a\x45\xdf\xa3', 'latin1'),
} as const

type Page = {
  flags: number
  position: bigint
  /** The lengths of its segments. */
  lacing: Uint8Array
  /** It holds the head of an Opus stream, with a lacing table of its own. */
  isHead: boolean
  content: Uint8Array
}

/** Pages whose tables are of any length and whose positions are out of this world. */
const page: fc.Arbitrary<Page> = fc.record({
  flags: fc.nat(7),
  position: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constant(-1n)),
  lacing: fc.uint8Array({ maxLength: 255 }),
  isHead: fc.boolean(),
  content: fc.uint8Array({ maxLength: 600 }),
})

function pageBytes({ flags, position, lacing, isHead, content }: Page): Bytes {
  const table = isHead ? Uint8Array.of(19) : lacing
  const length = table.reduce((sum, size) => sum + size, 0)
  const begin = 27 + table.length
  const bytes = Buffer.alloc(begin + length)
  bytes.write('OggS', 'latin1')
  bytes.writeUInt8(flags, 5)
  bytes.writeBigInt64LE(position, 6)
  bytes.writeUInt8(table.length, 26)
  bytes.set(table, 27)
  bytes.set(content.subarray(0, length), begin)
  if (isHead) bytes.write('OpusHead', begin, 'latin1')
  return new Uint8Array(bytes)
}

/** The pages of a good file in another order, some left out, some twice. */
const shuffledPages = fc.array(fc.nat(40), { maxLength: 12 }).map((order) => {
  const starts = oggPages(SHORT_OGG).map(({ at }) => at)
  const pages = starts.map((at, index) =>
    SHORT_OGG.subarray(at, starts[index + 1] ?? SHORT_OGG.length),
  )
  return joinBytes(...order.map((place) => pages[place % pages.length] ?? new Uint8Array()))
})

/** Something that calls itself Ogg. */
export const hostileOgg: fc.Arbitrary<Bytes> = fc.oneof(
  { weight: 6, arbitrary: damagedOneOf([SHORT_OGG, SHORT_OGG, ...RECORDINGS]) },
  { weight: 2, arbitrary: shuffledPages },
  {
    weight: 2,
    arbitrary: fc.array(page, { maxLength: 6 }).map((pages) => joinBytes(...pages.map(pageBytes))),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 300 }).map((tail) => joinBytes(MARKS.ogg, tail)),
  },
)

/** Something that calls itself WAV, MP3, M4A, AAC, FLAC or WebM. */
export const hostileContainer: fc.Arbitrary<Bytes> = fc.oneof(
  damagedOneOf(OTHER_FILES),
  fc
    .tuple(fc.constantFrom(...Object.values(MARKS)), fc.uint8Array({ maxLength: 2_000 }))
    .map((parts) => joinBytes(...parts)),
)

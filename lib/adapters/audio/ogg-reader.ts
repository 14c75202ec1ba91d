import { OPUS_CLOCK, type OpusSound } from './opus-encoder.ts'
import { opusPacketSeconds } from './opus-packet.ts'

const PAGE_HEADER_BYTES = 27
const CONTINUED_PACKET = 0x01
const END_OF_STREAM = 0x04
/** `OpusHead` and `OpusTags`; sound is what follows. */
const HEADER_PACKETS = 2

type Bounds = Pick<OpusSound, 'preSkip' | 'endsAt'> & {
  /** Nothing of it is missing or cut off. */
  isWhole: boolean
  /** Written as the standard asks: strict readers play all of it. */
  isPlain: boolean
}

/**
 * How long a file plays that is one Ogg/Opus stream from its first byte on; else undefined.
 *
 * Never shorter than any player plays: counted from all packets of the stream. Telegram's clients flag the end before
 * the last page, cut that page or leave it empty, and some players play on. A page's position is trusted only for
 * trimming the last packet. A second stream, chained behind the first, between its pages or in its packets, is
 * refused: the first one's length does not tell of it.
 */
export function oggOpusSeconds(bytes: Uint8Array): number | undefined {
  const bounds = scan(bytes, () => {})
  return bounds && (bounds.endsAt - bounds.preSkip) / OPUS_CLOCK
}

/** The packets of such a file; undefined where `oggOpusSeconds` is. Call it only for files that are short enough. */
export function readOggOpus(
  bytes: Uint8Array,
): (OpusSound & Omit<Bounds, keyof OpusSound>) | undefined {
  const packets: Uint8Array[] = []
  const bounds = scan(bytes, (packet) => packets.push(packet))
  return bounds && { ...bounds, packets }
}

/** Walks through the pages; `take` gets each packet of sound that is whole. */
function scan(bytes: Uint8Array, take: (packet: Uint8Array) => void): Bounds | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const { pages, isWhole: hasWholePages } = readPages(view)
  const [first] = pages
  if (first === undefined || pages.some(({ serial }) => serial !== first.serial)) return undefined

  const { packets, isContinuous } = packetsOf(view, pages)
  const [head, , ...sounds] = packets
  const preSkip = head && preSkipIn(head)
  if (preSkip === undefined || packets.length < HEADER_PACKETS) return undefined
  let seconds = 0
  for (const packet of sounds) {
    if (packet.length === 0) continue
    seconds += opusPacketSeconds(packet)
    take(packet)
  }
  const ends = pages.filter(({ isLast }) => isLast)
  const isWhole = hasWholePages && isContinuous
  const isPlain = isWhole && ends.length === 1 && pages.at(-1)?.isLast === true
  const ticks = Math.round(seconds * OPUS_CLOCK)
  const endsAt = endOf(pages, ticks)
  return endsAt > preSkip ? { preSkip, endsAt, isWhole, isPlain } : undefined
}

type Page = {
  serial: number
  /** As the file says it, in ticks: where the sound of this page ends. */
  position: number
  isContinued: boolean
  isLast: boolean
  /** A packet ends with the first segment of less than 255 bytes. */
  segmentSizes: Uint8Array
  bodyAt: number
}

/** All pages. `isWhole` where nothing lies between two, and none is cut. */
function readPages(view: Buffer): { pages: Page[]; isWhole: boolean } {
  const pages: Page[] = []
  if (!view.subarray(0, 4).equals(CAPTURE_PATTERN)) return { pages, isWhole: false }
  let isWhole = true
  for (let at = 0; at < view.length; ) {
    const begins = view.indexOf(CAPTURE_PATTERN, at)
    const page = begins === -1 ? undefined : readPage(view, begins)
    if (page === undefined) return { pages, isWhole: false }
    if (begins > at) isWhole = false
    pages.push(page)
    at = page.bodyAt + page.segmentSizes.reduce((sum, size) => sum + size, 0)
    if (at > view.length) isWhole = false
  }
  return { pages, isWhole }
}

const CAPTURE_PATTERN = Buffer.from('OggS', 'latin1')

/** The header of the page that begins here; undefined where the file ends within it. */
function readPage(view: Buffer, at: number): Page | undefined {
  const sizesAt = at + PAGE_HEADER_BYTES
  if (sizesAt > view.length) return undefined
  const flags = view.readUInt8(at + 5)
  const segmentSizes = view.subarray(sizesAt, sizesAt + view.readUInt8(at + 26))
  return {
    serial: view.readUInt32LE(at + 14),
    position: Number(view.readBigInt64LE(at + 6)),
    isContinued: (flags & CONTINUED_PACKET) !== 0,
    isLast: (flags & END_OF_STREAM) !== 0,
    segmentSizes,
    bodyAt: sizesAt + segmentSizes.length,
  }
}

/** The packets that the pages hold whole. `isContinuous` where no part of one is missing. */
function packetsOf(
  view: Buffer,
  pages: readonly Page[],
): { packets: Buffer[]; isContinuous: boolean } {
  const packets: Buffer[] = []
  let open: Buffer[] | undefined
  let isContinuous = true
  for (const page of pages) {
    // A page was lost: the rest of its last packet, or the beginning of this one, is no packet.
    if (page.isContinued !== (open !== undefined)) isContinuous = false
    if (!page.isContinued) open = undefined
    let isOrphan = page.isContinued && open === undefined
    let at = page.bodyAt
    for (const size of page.segmentSizes) {
      const segment = view.subarray(at, at + size)
      at += size
      if (!isOrphan) {
        open ??= []
        open.push(segment)
      }
      if (size === 255) continue
      const isInFile = at <= view.length
      if (open !== undefined && isInFile)
        packets.push(open.length === 1 ? segment : Buffer.concat(open))
      open = undefined
      isOrphan = false
    }
  }
  return { packets, isContinuous: isContinuous && open === undefined }
}

function preSkipIn(packet: Buffer): number | undefined {
  const isHead = packet.length >= 19 && packet.toString('latin1', 0, 8) === 'OpusHead'
  return isHead && hasOneStream(packet) ? packet.readUInt16LE(10) : undefined
}

/** Surround sound is several streams in each packet (RFC 7845, 5.1.1), which no decoder of one takes. */
function hasOneStream(head: Buffer): boolean {
  return head[18] === 0 || head[19] === 1
}

/** Where sound of so many ticks ends: a page's position only takes off what the last packet has too much. */
function endOf(pages: readonly Page[], ticks: number): number {
  const last = pages.at(-1)
  // A packet is 120 ms at most, so end trimming cannot take off more.
  const isTrimmed =
    last?.isLast === true && last.position < ticks && last.position > ticks - 0.12 * OPUS_CLOCK
  return isTrimmed ? last.position : ticks
}

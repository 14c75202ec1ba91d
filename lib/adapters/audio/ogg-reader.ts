import type { OpusSound } from './opus-encoder.ts'
import { opusPacketSeconds } from './opus-packet.ts'

const PAGE_HEADER_BYTES = 27
const CONTINUED_PACKET = 0x01
const END_OF_STREAM = 0x04
const OPUS_CLOCK = 48_000
/** `OpusHead` and `OpusTags`; sound is what follows. */
const HEADER_PACKETS = 2

type Bounds = Pick<OpusSound, 'preSkip' | 'endsAt'>

/**
 * How long a file plays that is one Ogg/Opus stream from its first byte to its last; else undefined.
 *
 * Counted from the packets: positions in the pages may lie, and only take off what the last packet
 * has too much. A second stream chained behind the first is refused, and so is anything after the
 * last page: a player plays it, but the first stream's length does not tell of it.
 */
export function oggOpusSeconds(bytes: Uint8Array): number | undefined {
  const bounds = scan(bytes, () => {})
  return bounds && (bounds.endsAt - bounds.preSkip) / OPUS_CLOCK
}

/** The packets of such a file; undefined where `oggOpusSeconds` is. For files whose length has been looked at. */
export function readOggOpus(bytes: Uint8Array): OpusSound | undefined {
  const packets: Uint8Array[][] = []
  const bounds = scan(bytes, (segment, isContinued) => {
    if (isContinued) packets.at(-1)?.push(segment)
    else if (segment.length > 0) packets.push([segment])
  })
  return bounds && { ...bounds, packets: packets.map((parts) => Buffer.concat(parts)) }
}

/** Walks through the pages; `take` gets the segments of the packets of sound. */
function scan(
  bytes: Uint8Array,
  take: (segment: Uint8Array, isContinued: boolean) => void,
): Bounds | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let page: Page | undefined
  let packets = 0
  let preSkip: number | undefined
  let soundSeconds = 0
  let isInPacket = false

  for (let at = 0; at < view.length; ) {
    const next = readPage(view, at)
    if (next === undefined || next.isContinued !== isInPacket) return undefined
    if (page !== undefined && (page.isLast || page.serial !== next.serial)) return undefined
    page = next
    at = page.bodyAt
    for (const size of page.segmentSizes) {
      const segment = view.subarray(at, at + size)
      if (!isInPacket) packets += 1
      if (packets === 1) preSkip ??= preSkipIn(segment)
      if (preSkip === undefined) return undefined
      if (packets > HEADER_PACKETS) {
        if (!isInPacket) soundSeconds += opusPacketSeconds(segment)
        take(segment, isInPacket)
      }
      at += size
      isInPacket = size === 255
    }
    if (at > view.length) return undefined
  }
  if (page === undefined || preSkip === undefined || isInPacket) return undefined
  return boundsOf(page, preSkip, Math.round(soundSeconds * OPUS_CLOCK))
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

/** The header of the page that begins here; undefined where none does. */
function readPage(view: Buffer, at: number): Page | undefined {
  const sizesAt = at + PAGE_HEADER_BYTES
  if (sizesAt > view.length || view.toString('latin1', at, at + 4) !== 'OggS') return undefined
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

function preSkipIn(segment: Buffer): number | undefined {
  const isHead = segment.length >= 19 && segment.toString('latin1', 0, 8) === 'OpusHead'
  return isHead ? segment.readUInt16LE(10) : undefined
}

/** Where sound of so many ticks begins and ends; undefined where nothing of it is heard. */
function boundsOf(lastPage: Page, preSkip: number, ticks: number): Bounds | undefined {
  const { isLast, position } = lastPage
  // A packet is 120 ms at most, so end trimming cannot take off more.
  const isTrimmed = isLast && position < ticks && position > ticks - 0.12 * OPUS_CLOCK
  const endsAt = isTrimmed ? position : ticks
  return endsAt > preSkip ? { preSkip, endsAt } : undefined
}

import type { OpusSound } from './opus-encoder.ts'
import { opusPacketSeconds } from './opus-packet.ts'

const PAGE_HEADER_BYTES = 27
const CONTINUED_PACKET = 0x01
const END_OF_STREAM = 0x04
const OPUS_CLOCK = 48_000

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
): Pick<OpusSound, 'preSkip' | 'endsAt'> | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let serial: number | undefined
  let lastPosition = 0
  let hasEnded = false
  let packets = 0
  let preSkip = 0
  let soundSeconds = 0
  let insidePacket = false

  for (let at = 0; at < view.length; ) {
    if (hasEnded || at + PAGE_HEADER_BYTES > view.length) return undefined
    if (view.toString('latin1', at, at + 4) !== 'OggS') return undefined
    const flags = view.readUInt8(at + 5)
    serial ??= view.readUInt32LE(at + 14)
    if (view.readUInt32LE(at + 14) !== serial) return undefined
    if (insidePacket !== ((flags & CONTINUED_PACKET) !== 0)) return undefined
    hasEnded = (flags & END_OF_STREAM) !== 0
    lastPosition = Number(view.readBigInt64LE(at + 6))
    const lacing = at + PAGE_HEADER_BYTES
    const segments = view.subarray(lacing, lacing + view.readUInt8(at + 26))
    at = lacing + segments.length

    for (const size of segments) {
      const segment = view.subarray(at, at + size)
      if (!insidePacket) {
        packets += 1
        if (packets === 1) {
          if (segment.length < 19 || segment.toString('latin1', 0, 8) !== 'OpusHead')
            return undefined
          preSkip = segment.readUInt16LE(10)
        } else if (packets > 2) soundSeconds += opusPacketSeconds(segment)
      }
      if (packets > 2) take(segment, insidePacket)
      at += size
      insidePacket = size === 255
    }
    if (at > view.length) return undefined
  }
  const totalTicks = Math.round(soundSeconds * OPUS_CLOCK)
  // A packet is 120 ms at most, so end trimming cannot take off more.
  const isTrimmed =
    hasEnded && lastPosition < totalTicks && lastPosition > totalTicks - 0.12 * OPUS_CLOCK
  const endsAt = isTrimmed ? lastPosition : totalTicks
  return endsAt > preSkip && !insidePacket ? { preSkip, endsAt } : undefined
}

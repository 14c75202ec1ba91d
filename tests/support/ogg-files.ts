import { Application, createEncoder } from 'libopus-wasm'
import type { OpusSound } from '../../lib/adapters/audio/opus-encoder.ts'
import { opusPacketSeconds } from '../../lib/adapters/audio/opus-packet.ts'
import { oggPages } from '../rigs/audio-samples.ts'

/** Ogg files as clients write them, from one good file: pages are changed byte by byte, their checksums mended. */

const SERIAL = 7
/** The most segments of a page. */
const MAX_SEGMENTS = 255

/** The file with other flags on one of its pages: 1 continued, 2 first, 4 last. */
export function withFlags(ogg: Uint8Array, page: number, flags: number): Buffer {
  const pages = pagesOf(ogg)
  return Buffer.concat(
    pages.map((bytes, index) => {
      if (index !== page) return bytes
      bytes.writeUInt8(flags, 5)
      return withChecksum(bytes)
    }),
  )
}

/** A page of the file's stream without a packet in it. */
export function emptyPage(ogg: Uint8Array, flags: number): Buffer {
  const page = Buffer.from(pagesOf(ogg).at(-1) ?? []).subarray(0, 27)
  page.writeUInt8(flags, 5)
  page.writeUInt32LE(page.readUInt32LE(18) + 1, 18)
  page.writeUInt8(0, 26)
  return withChecksum(page)
}

/** The file with some bytes before one of its pages. */
export function insertPage(ogg: Uint8Array, before: number, bytes: Uint8Array): Buffer {
  const at = oggPages(ogg)[before]?.at ?? ogg.length
  return Buffer.concat([ogg.subarray(0, at), bytes, ogg.subarray(at)])
}

/** An Ogg/Opus file of these packets, its comment as long as asked for. */
export function oggFile(sound: OpusSound, { comment = '' }: { comment?: string }): Buffer {
  const head = Buffer.alloc(19)
  head.write('OpusHead', 'latin1')
  head.writeUInt8(1, 8)
  head.writeUInt8(1, 9)
  head.writeUInt16LE(sound.preSkip, 10)
  head.writeUInt32LE(48_000, 12)
  const text = Buffer.from(comment)
  const tags = Buffer.concat([
    Buffer.from('OpusTags'),
    uint32(0),
    uint32(1),
    uint32(text.length),
    text,
  ])
  let position = 0
  const soundPages = sound.packets.map((packet, index) => {
    position += Math.round(opusPacketSeconds(packet) * 48_000)
    const isLast = index === sound.packets.length - 1
    return { packet, position: isLast ? Math.min(position, sound.endsAt) : position, isLast }
  })
  const pages = [...packetPages(head, 0, 2, 0), ...packetPages(tags, 0, 0, 1)]
  for (const page of soundPages) {
    pages.push(...packetPages(page.packet, page.position, page.isLast ? 4 : 0, pages.length))
  }
  return Buffer.concat(pages)
}

/** 16-bit mono speech at 24 kHz as packets of 60 ms, which some clients record. */
export async function longPackets(samples: Int16Array): Promise<OpusSound> {
  const frameSize = 1_440
  const encoder = await createEncoder({
    sampleRate: 24_000,
    channels: 1,
    frameSize,
    bitrate: 24_000,
    application: Application.Voip,
  })
  const packets: Uint8Array[] = []
  for (let at = 0; at + frameSize <= samples.length; at += frameSize) {
    const frame = samples.slice(at, at + frameSize)
    packets.push(encoder.encode(new Uint8Array(frame.buffer)).slice())
  }
  encoder.free()
  return { packets, preSkip: 312, endsAt: packets.length * frameSize * 2 }
}

/** The pages that a packet takes; the last one ends it. */
function packetPages(
  packet: Uint8Array,
  position: number,
  flags: number,
  sequence: number,
): Buffer[] {
  const segments = Array.from({ length: Math.floor(packet.length / 255) + 1 }, (_, index) =>
    Math.min(255, packet.length - index * 255),
  )
  const pages: Buffer[] = []
  for (let first = 0; first < segments.length; first += MAX_SEGMENTS) {
    const sizes = segments.slice(first, first + MAX_SEGMENTS)
    const isEnd = first + MAX_SEGMENTS >= segments.length
    const header = Buffer.alloc(27)
    header.write('OggS', 'latin1')
    header.writeUInt8(flags | (first > 0 ? 1 : 0), 5)
    header.writeBigInt64LE(BigInt(isEnd ? position : -1), 6)
    header.writeUInt32LE(SERIAL, 14)
    header.writeUInt32LE(sequence + pages.length, 18)
    header.writeUInt8(sizes.length, 26)
    const body = packet.subarray(
      first * 255,
      first * 255 + sizes.reduce((sum, size) => sum + size, 0),
    )
    pages.push(withChecksum(Buffer.concat([header, Uint8Array.from(sizes), body])))
  }
  return pages
}

function pagesOf(ogg: Uint8Array): Buffer[] {
  const starts = [...oggPages(ogg).map(({ at }) => at), ogg.length]
  return starts.slice(1).map((end, index) => Buffer.from(ogg.subarray(starts[index], end)))
}

/** The page with the checksum of RFC 3533: CRC-32 of the polynomial 0x04c11db7, nothing reflected. */
function withChecksum(page: Buffer): Buffer {
  page.writeUInt32LE(0, 22)
  let crc = 0
  for (const byte of page) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  page.writeUInt32LE(crc >>> 0, 22)
  return page
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

import { Application, createEncoder } from 'libopus-wasm'
import { pageChecksum } from '../../lib/adapters/audio/ogg-checksum.ts'
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

/** What a client writes in its own way: the rest of the head, the comment, positions, a page's checksum. */
type Ways = {
  comment?: string
  channels?: number
  preSkip?: number
  /** The channel mapping family, and what follows it. */
  mapping?: readonly number[]
  positionOf?: (position: number, isLast: boolean) => number
  /** The page whose checksum is wrong. */
  wrongPage?: number
}

/** An Ogg/Opus file of these packets. */
export function oggFile(sound: OpusSound, ways: Ways): Buffer {
  const { comment = '', channels = 1, mapping = [0], positionOf = (position) => position } = ways
  const head = Buffer.alloc(18 + mapping.length)
  head.write('OpusHead', 'latin1')
  head.writeUInt8(1, 8)
  head.writeUInt8(channels, 9)
  head.writeUInt16LE(ways.preSkip ?? sound.preSkip, 10)
  head.set(mapping, 18)
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
    const end = isLast ? Math.min(position, sound.endsAt) : position
    return { packet, position: positionOf(end, isLast), isLast }
  })
  const pages = [...packetPages(head, 0, 2, 0), ...packetPages(tags, 0, 0, 1)]
  for (const page of soundPages) {
    pages.push(...packetPages(page.packet, page.position, page.isLast ? 4 : 0, pages.length))
  }
  const wrongPage = pages[ways.wrongPage ?? -1]
  wrongPage?.writeUInt32LE(wrongPage.readUInt32LE(22) ^ 1, 22)
  return Buffer.concat(pages)
}

/** A page that begins a stream of another kind, by the first bytes of its packet. */
export function firstPage(packet: Uint8Array): Buffer {
  const [page = Buffer.alloc(0)] = packetPages(packet, 0, 2, 0)
  page.writeUInt32LE(SERIAL + 1, 14)
  return withChecksum(page)
}

type Recorder = {
  milliseconds: number
  sampleRate: 8_000 | 16_000 | 24_000 | 48_000
  channels: 1 | 2
}

/** 16-bit speech as packets of a length that only some clients record; of two channels, left and right take turns. */
export async function packetsOf(
  samples: Int16Array,
  { milliseconds, sampleRate, channels }: Recorder,
): Promise<OpusSound> {
  const frameSize = (sampleRate * milliseconds) / 1_000
  const encoder = await createEncoder({
    sampleRate,
    channels,
    frameSize,
    bitrate: 24_000,
    application: Application.Voip,
  })
  const packets: Uint8Array[] = []
  const step = frameSize * channels
  for (let at = 0; at + step <= samples.length; at += step) {
    const frame = samples.slice(at, at + step)
    packets.push(encoder.encode(new Uint8Array(frame.buffer)).slice())
  }
  encoder.free()
  return { packets, preSkip: 312, endsAt: packets.length * milliseconds * 48 }
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

/** The page with its true checksum. */
function withChecksum(page: Buffer): Buffer {
  page.writeUInt32LE(pageChecksum(page), 22)
  return page
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const CHECKSUM_AT = 22
const SEGMENTS_AT = 26
const PAGE_HEADER_BYTES = 27

/** Tells whether every page of an Ogg has the checksum that it says. For files whose pages follow on each other. */
export function hasTrueChecksums(ogg: Uint8Array): boolean {
  const view = Buffer.from(ogg.buffer, ogg.byteOffset, ogg.length)
  for (let at = 0; at < view.length; ) {
    const bodyAt = at + PAGE_HEADER_BYTES + view.readUInt8(at + SEGMENTS_AT)
    const sizes = view.subarray(at + PAGE_HEADER_BYTES, bodyAt)
    const end = bodyAt + sizes.reduce((sum, size) => sum + size, 0)
    if (pageChecksum(view.subarray(at, end)) !== view.readUInt32LE(at + CHECKSUM_AT)) return false
    at = end
  }
  return true
}

/** RFC 3533: CRC-32 of the polynomial 0x04c11db7, nothing reflected, over the page with zeros in the checksum's place. */
export function pageChecksum(page: Uint8Array): number {
  let crc = 0
  for (let at = 0; at < page.length; at += 1) {
    const isChecksum = at >= CHECKSUM_AT && at < SEGMENTS_AT
    const byte = isChecksum ? 0 : (page[at] ?? 0)
    crc = (crc << 8) ^ (TABLE[(crc >>> 24) ^ byte] ?? 0)
  }
  return crc >>> 0
}

const POLYNOMIAL = 0x04c1_1db7
const TOP_BIT = 0x8000_0000

/** What each byte makes of the bits before it. */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit += 1) crc = crc & TOP_BIT ? (crc << 1) ^ POLYNOMIAL : crc << 1
  return crc
})

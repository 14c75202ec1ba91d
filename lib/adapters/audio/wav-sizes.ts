const FIRST_CHUNK_AT = 12
const CHUNK_HEADER_BYTES = 8

/**
 * The WAV with the sizes that it has: recorders that were killed, and servers that stream, leave 0 or 4 GB in the
 * header, and readers then find no sound or refuse the file. The same bytes where they are right.
 */
export function withTrueSizes(wav: Uint8Array): Uint8Array {
  const view = Buffer.from(wav.buffer, wav.byteOffset, wav.length)
  let at = FIRST_CHUNK_AT
  while (at + CHUNK_HEADER_BYTES <= view.length) {
    const name = view.toString('latin1', at, at + 4)
    const size = view.readUInt32LE(at + 4)
    const bytesLeft = view.length - at - CHUNK_HEADER_BYTES
    if (name === 'data') return size === 0 || size > bytesLeft ? resized(view, at, bytesLeft) : wav
    at += CHUNK_HEADER_BYTES + size + (size % 2)
  }
  return wav
}

function resized(view: Buffer, dataAt: number, dataBytes: number): Uint8Array {
  const wav = Buffer.from(view)
  wav.writeUInt32LE(view.length - CHUNK_HEADER_BYTES, 4)
  wav.writeUInt32LE(dataBytes, dataAt + 4)
  return wav
}

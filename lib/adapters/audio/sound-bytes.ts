import type { OpusSound } from './opus-encoder.ts'

type Head = Omit<OpusSound, 'packets'> & { lengths: number[] }

/** Writes a sound as bytes: a line of JSON, then its packets. */
export function bytesOfSound({ packets, ...sound }: OpusSound): Uint8Array {
  const head: Head = { ...sound, lengths: packets.map(({ length }) => length) }
  return new Uint8Array(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...packets]))
}

/** Reads what `bytesOfSound` has written. */
export function soundOfBytes(bytes: Uint8Array): OpusSound {
  const headEnd = bytes.indexOf('\n'.charCodeAt(0))
  const { lengths, ...sound } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(0, headEnd)),
  ) as Head
  let at = headEnd + 1
  const packets = lengths.map((length) => {
    at += length
    return bytes.subarray(at - length, at)
  })
  return { ...sound, packets }
}

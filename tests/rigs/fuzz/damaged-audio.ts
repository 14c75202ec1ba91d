import fc from 'fast-check'
import type { Bytes } from './good-audio.ts'

/** One thing that is wrong with a file. */
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

/** One of the files with a few things wrong with it. */
export function damagedOneOf(files: readonly Bytes[]): fc.Arbitrary<Bytes> {
  return fc
    .tuple(fc.constantFrom(...files), fc.array(damage, { minLength: 1, maxLength: 3 }))
    .map(([file, damages]) => damages.reduce(damageFile, file))
}

function damageFile(file: Bytes, harm: Damage): Bytes {
  const bytes = new Uint8Array(file)
  const offsetIn = (at: number, length = bytes.length) => (length <= 0 ? 0 : at % length)
  switch (harm.kind) {
    case 'bits':
      for (const [at, bit] of harm.flips) {
        const place = offsetIn(at, Math.min(bytes.length, harm.within))
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
      }
      return bytes
    case 'cut': {
      const ends = [offsetIn(harm.from), offsetIn(harm.to)].sort((a, b) => a - b)
      return bytes.slice(...ends)
    }
    case 'twice': {
      const from = offsetIn(harm.from)
      return joinBytes(bytes.subarray(0, from + harm.length), bytes.subarray(from))
    }
    case 'bytes': {
      const at = offsetIn(harm.at)
      return joinBytes(bytes.subarray(0, at), harm.bytes, bytes.subarray(at))
    }
    case 'number': {
      if (bytes.length < 8) return bytes
      new DataView(bytes.buffer).setBigInt64(offsetIn(harm.at, bytes.length - 7), harm.value, true)
      return bytes
    }
  }
}

/** Pieces of bytes as one. */
export function joinBytes(...parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(Buffer.concat(parts))
}

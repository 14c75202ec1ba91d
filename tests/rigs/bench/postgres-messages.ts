/** PostgreSQL's wire protocol, as far as watching it needs: https://www.postgresql.org/docs/15/protocol-message-formats.html */

export type Message = { type: string; body: Body }

/** Reads a message's fields, one after another. */
export type Body = {
  text(): string
  int16(): number
  int32(): number
  bytes(length: number): Buffer
}

/** Cuts a stream of bytes into messages; a client's first one has no type. */
export function byteReader(
  take: (message: Message) => void,
  { startsWithoutType }: { startsWithoutType: boolean },
): (bytes: Buffer) => void {
  let buffer: Buffer = Buffer.alloc(0)
  let typeLength = startsWithoutType ? 0 : 1
  return (bytes) => {
    buffer = buffer.length === 0 ? bytes : Buffer.concat([buffer, bytes])
    while (buffer.length >= typeLength + 4) {
      // The length counts itself, and not the type.
      const end = typeLength + buffer.readInt32BE(typeLength)
      if (buffer.length < end) return
      const type = buffer.toString('latin1', 0, typeLength)
      take({ type, body: bodyOf(buffer.subarray(typeLength + 4, end)) })
      buffer = buffer.subarray(end)
      typeLength = 1
    }
  }
}

/** The values that a Bind message brings, behind the two names that it begins with. */
export function parametersOf(body: Body): (string | Buffer | null)[] {
  const formats = Array.from({ length: body.int16() }, () => body.int16())
  return Array.from({ length: body.int16() }, (_, at) => {
    const length = body.int32()
    if (length < 0) return null
    // Copied: what arrived together with it would be held, too.
    const bytes = Buffer.from(body.bytes(length))
    const isBinary = (formats.length === 1 ? formats[0] : formats[at]) === 1
    return isBinary ? bytes : bytes.toString('utf8')
  })
}

function bodyOf(bytes: Buffer): Body {
  let at = 0
  function advance(length: number): number {
    at += length
    return at - length
  }
  return {
    text() {
      const start = at
      at = bytes.indexOf(0, start) + 1
      return bytes.toString('utf8', start, at - 1)
    },
    int16: () => bytes.readInt16BE(advance(2)),
    int32: () => bytes.readInt32BE(advance(4)),
    bytes: (length) => bytes.subarray(advance(length), at),
  }
}

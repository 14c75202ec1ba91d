/** Reads a body of at most so many bytes; `isWhole` is false, and the rest unread, where it has more. */
export async function readBytes(
  request: Request,
  maxBytes: number,
): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    const room = maxBytes - length
    chunks.push(chunk.subarray(0, room))
    length += Math.min(chunk.length, room)
    if (chunk.length > room) return { bytes: joined(chunks), isWhole: false }
  }
  return { bytes: joined(chunks), isWhole: true }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(chunks))
}

/** Beyond this the connection is given up; up to it the rest is read and thrown away. */
const MAX_DISCARDED_BYTES = 32 * 1024 * 1024

/**
 * Reads a body of at most so many bytes; `isWhole` is false where it has more.
 *
 * The rest is read, too, but not kept: an unread rest would be taken for the next request on the
 * connection.
 */
export async function readBytes(
  request: Request,
  maxBytes: number,
): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    if (length < maxBytes) chunks.push(chunk.subarray(0, maxBytes - length))
    length += chunk.length
    if (length > maxBytes + MAX_DISCARDED_BYTES) break
  }
  return { bytes: new Uint8Array(Buffer.concat(chunks)), isWhole: length <= maxBytes }
}

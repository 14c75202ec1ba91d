import { AppError } from '../app/error.ts'
import { parseJson } from '../domain/json.ts'

/** The connection is given up at this many bytes beyond the limit; up to there they are read and discarded. */
const MAX_DISCARDED_BYTES = 32 * 1024 * 1024

/**
 * Reads a body of at most `maxBytes`; `isWhole` is false where it has more. Throws 'client-left' where it breaks off.
 *
 * The bytes beyond are read and discarded: unread, they would be taken for the next request on the
 * connection.
 */
export async function readBytes(
  request: Request,
  maxBytes: number,
): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body ?? []) {
      if (length < maxBytes) chunks.push(chunk.subarray(0, maxBytes - length))
      length += chunk.length
      if (length > maxBytes + MAX_DISCARDED_BYTES) break
    }
  } catch (cause) {
    // The edge: only the connection can fail here, and it is the client's.
    throw new AppError('client-left', 'The body of the request broke off.', { cause })
  }
  return { bytes: new Uint8Array(Buffer.concat(chunks)), isWhole: length <= maxBytes }
}

/** The value of a JSON body; undefined where the bytes are no JSON. */
export function readJson(bytes: Uint8Array): unknown {
  return parseJson(new TextDecoder().decode(bytes))
}

import type { Socket } from 'node:net'

/** A message of PostgreSQL's protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */
export type Message = {
  /** Its letter; a connection's first ones have none. */
  type: string
  /** All of it, to be sent on as it is. */
  bytes: Buffer
  /** What follows its length. */
  body: Buffer
}

export const STARTUP = 'startup'
/** A request for encryption, by TLS or GSSAPI: PostgreSQL without either answers N. */
export const ENCRYPTION = 'encryption'
export const CANCEL = 'cancel'

const ENCRYPTION_CODES = new Set([80_877_103, 80_877_104])
const CANCEL_CODE = 80_877_102

/** Cuts what one side sends into messages; ends with the connection, also where it breaks. */
export async function* messagesOf(
  socket: Socket,
  from: 'client' | 'server',
): AsyncGenerator<Message> {
  let buffer = Buffer.alloc(0)
  let isStarting = from === 'client'
  try {
    for await (const chunk of socket) {
      buffer = Buffer.concat([buffer, chunk])
      for (;;) {
        const letters = isStarting ? 0 : 1
        const size = buffer.length < letters + 4 ? undefined : letters + buffer.readInt32BE(letters)
        if (size === undefined || buffer.length < size) break
        const bytes = buffer.subarray(0, size)
        buffer = buffer.subarray(size)
        const body = bytes.subarray(letters + 4)
        const type = isStarting ? openingOf(body) : bytes.toString('latin1', 0, 1)
        if (type === STARTUP) isStarting = false
        yield { type, bytes, body }
      }
    }
  } catch {
    // Connections are broken on purpose here; the end of the messages says enough to their reader.
  }
}

function openingOf(body: Buffer): string {
  const code = body.readInt32BE(0)
  if (ENCRYPTION_CODES.has(code)) return ENCRYPTION
  return code === CANCEL_CODE ? CANCEL : STARTUP
}

/** The SQL in a Parse or a simple Query; undefined in any other message. */
export function sqlIn({ type, body }: Message): string | undefined {
  if (type === 'Q') return cString(body, 0)
  if (type !== 'P') return undefined
  // Behind the name of the prepared statement.
  return cString(body, body.indexOf(0) + 1)
}

/** The parameters in a Bind, as text; undefined in any other message. */
export function parametersIn({ type, body }: Message): string[] | undefined {
  if (type !== 'B') return undefined
  // Behind the names of the portal and the prepared statement, and the formats.
  let at = body.indexOf(0, body.indexOf(0) + 1) + 1
  at += 2 + 2 * body.readInt16BE(at)
  const parameters: string[] = []
  const count = body.readInt16BE(at)
  at += 2
  for (let index = 0; index < count; index += 1) {
    const length = Math.max(0, body.readInt32BE(at))
    parameters.push(body.toString('utf8', at + 4, at + 4 + length))
    at += 4 + length
  }
  return parameters
}

/** A simple Query that the server answers with an error of this SQLSTATE, inside a transaction or not. */
export function raising(sqlstate: string): Buffer {
  return frame('Q', [
    `do $$ begin raise exception 'arranged' using errcode = '${sqlstate}'; end $$`,
  ])
}

/** The ErrorResponse with which a server ends a connection. */
export function fatal(sqlstate: string): Buffer {
  return frame('E', ['SFATAL', 'VFATAL', `C${sqlstate}`, 'Marranged', ''])
}

function frame(type: string, strings: string[]): Buffer {
  const body = Buffer.from(strings.map((text) => `${text}\0`).join(''))
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

function cString(body: Buffer, start: number): string {
  return body.toString('utf8', start, body.indexOf(0, start))
}

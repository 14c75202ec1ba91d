import { connect, createServer, type Socket } from 'node:net'
import { listenLocally, locally } from '../listening.ts'
import { byteReader, type Message, parametersOf } from './postgres-messages.ts'

/** One statement to PostgreSQL, as it was seen on the wire. */
export type Statement = {
  sql: string
  /** All earlier statements of its connection had been answered when it was sent. */
  isRoundTrip: boolean
  /** As they were sent: text, bytes, null. */
  parameters: (string | Buffer | null)[]
  /** Milliseconds since the epoch. */
  sentAt: number
  /** When the server was ready for the next one; not set while it works. */
  answeredAt?: number
  /** Between both, to parts of a millisecond. */
  tookMs?: number
}

export type PostgresTap = {
  /** The database's URL, by way of this tap. */
  url: string
  /** All that went by so far, in the order of sending, BEGIN and COMMIT among them. */
  statements: Statement[]
  close(): Promise<void>
}

/** Puts itself between a process and PostgreSQL, and sees each statement of it. Costs some 0.1 ms each. */
export async function openPostgresTap(databaseUrl: string): Promise<PostgresTap> {
  const target = new URL(databaseUrl)
  const statements: Statement[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({
      port: Number(target.port || 5432),
      host: target.hostname,
      noDelay: true,
    })
    tap(client, upstream, statements)
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      // A killed side closes its socket: closing the peer passes that on.
      socket.on('error', () => peer.destroy())
      socket.once('close', () => {
        sockets.delete(socket)
        peer.destroy()
      })
    }
  })
  return {
    url: locally(databaseUrl, await listenLocally(server)),
    statements,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Passes bytes on in both directions and notes the statements in them. */
function tap(client: Socket, upstream: Socket, statements: Statement[]): void {
  const preparedSql = new Map<string, string>()
  const pendingStatements: { statement: Statement; startedAt: number }[] = []
  let next: Pick<Statement, 'sql' | 'parameters'> = { sql: '', parameters: [] }

  function send(): void {
    const statement = { ...next, isRoundTrip: pendingStatements.length === 0, sentAt: Date.now() }
    statements.push(statement)
    pendingStatements.push({ statement, startedAt: performance.now() })
  }
  function readRequest({ type, body }: Message): void {
    if (type === 'P') preparedSql.set(body.text(), body.text())
    if (type === 'B') {
      body.text()
      next = { sql: preparedSql.get(body.text()) ?? '', parameters: parametersOf(body) }
    }
    if (type === 'Q') next = { sql: body.text(), parameters: [] }
    // A query, or the end of what is sent together.
    if (type === 'Q' || type === 'S') send()
  }
  function readAnswer({ type }: Message): void {
    if (type !== 'Z') return
    const answer = pendingStatements.shift()
    // The first ReadyForQuery answers the opening of the connection, no statement.
    if (answer === undefined) return
    answer.statement.answeredAt = Date.now()
    answer.statement.tookMs = performance.now() - answer.startedAt
  }

  const fromClient = byteReader(readRequest, { startsWithoutType: true })
  const fromServer = byteReader(readAnswer, { startsWithoutType: false })
  client.on('data', (bytes) => {
    fromClient(bytes)
    upstream.write(bytes)
  })
  upstream.on('data', (bytes) => {
    fromServer(bytes)
    client.write(bytes)
  })
}

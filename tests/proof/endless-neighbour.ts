import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { WebSocketServer } from 'ws'
import { listenLocally } from '../rigs/listening.ts'

/** An answer without an end: its start, and the piece that is repeated after it. */
export type EndlessAnswer = {
  /** Which request gets it. */
  path: RegExp
  headers: Record<string, string>
  start: string | Buffer
  piece: string | Buffer
  /** Over a socket instead: each piece is a message. */
  isSocket?: boolean
}

export type EndlessNeighbour = {
  url: string
  /** The next request for its path gets this answer, just once. */
  arrange(endless: EndlessAnswer): void
  /** How many megabytes of it were sent before the other side broke off. */
  megabytesSent(): number
  stop(): Promise<void>
}

/** Far more than the product should read; a bound lets a failing test end. */
const MAX_BYTES = 400_000_000

/** Opens a relay before a stand-in that passes everything on, except for one request, which it answers without end. */
export async function openEndlessNeighbour(target: string): Promise<EndlessNeighbour> {
  const { hostname, port, pathname } = new URL(target)
  let endlessAnswer: EndlessAnswer | undefined
  let sentBytes = 0

  function takeEndlessFor(request: IncomingMessage): EndlessAnswer | undefined {
    if (!endlessAnswer?.path.test(request.url ?? '')) return undefined
    const endless = endlessAnswer
    endlessAnswer = undefined
    sentBytes = 0
    return endless
  }

  async function pour(
    { headers, start, piece }: EndlessAnswer,
    response: ServerResponse,
  ): Promise<void> {
    const closing = new AbortController()
    response.once('close', () => closing.abort())
    response.writeHead(200, headers)
    response.write(start)
    while (!response.destroyed && sentBytes < MAX_BYTES) {
      sentBytes += Buffer.byteLength(piece)
      if (response.write(piece)) continue
      await once(response, 'drain', { signal: closing.signal })
        // The wait ends by the abort, too, when the connection closes: the loop then ends.
        .catch(() => {})
    }
    response.destroy()
  }

  const server = createServer((request, response) => {
    const endless = takeEndlessFor(request)
    if (endless !== undefined) {
      request.resume().once('end', () => void pour(endless, response))
      return
    }
    const { url, method, headers } = request
    const upstreamRequest = httpRequest({ hostname, port, path: url, method, headers })
    upstreamRequest.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      // The pipeline fails when one side breaks off; the other side then sees its end closed.
      pipeline(answer, response).catch(() => response.destroy())
    })
    pipeline(request, upstreamRequest).catch(() => response.destroy())
  })

  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket: Socket, head: Buffer) => {
    const endless = takeEndlessFor(request)
    if (endless === undefined) return passSocketOn(request, socket, head)
    sockets.handleUpgrade(request, socket, head, (client) => {
      // The product breaks such a connection off: its error is expected.
      client.on('error', () => {})
      client.once('message', () => {
        const send = () => {
          if (client.readyState !== client.OPEN || sentBytes >= MAX_BYTES) return client.terminate()
          sentBytes += Buffer.byteLength(endless.piece)
          client.send(endless.piece, send)
        }
        send()
      })
    })
  })

  function passSocketOn(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const upstream = connect(Number(port), hostname, () => {
      const headers = request.rawHeaders.map((text, at) => text + (at % 2 === 0 ? ': ' : '\r\n'))
      upstream.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('')}\r\n`)
      upstream.write(head)
      pipeline(socket, upstream).catch(() => upstream.destroy())
      pipeline(upstream, socket).catch(() => socket.destroy())
    })
    upstream.on('error', () => socket.destroy())
  }

  const ownPort = await listenLocally(server)
  return {
    url: `http://127.0.0.1:${ownPort}${pathname === '/' ? '' : pathname}`,
    arrange(endless) {
      endlessAnswer = endless
    },
    megabytesSent: () => sentBytes / 1e6,
    async stop() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

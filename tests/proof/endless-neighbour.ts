import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { WebSocketServer } from 'ws'

/** An answer that goes on and on: what it begins with, and the piece that follows for ever. */
export type Endless = {
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
  arrange(endless: Endless): void
  /** How many megabytes of it were taken before the other side broke off. */
  takenMegabytes(): number
  stop(): Promise<void>
}

/** Nobody should have taken so much; without an end a test that fails would not, either. */
const MOST_BYTES = 400_000_000

/** Stands before a stand-in and passes everything on, but for the one request that it answers without end. */
export async function openEndlessNeighbour(target: string): Promise<EndlessNeighbour> {
  const { hostname, port, pathname } = new URL(target)
  let arranged: Endless | undefined
  let taken = 0

  function arrangedFor(request: IncomingMessage): Endless | undefined {
    if (!arranged?.path.test(request.url ?? '')) return undefined
    const endless = arranged
    arranged = undefined
    taken = 0
    return endless
  }

  async function pour({ headers, start, piece }: Endless, response: ServerResponse): Promise<void> {
    const closed = new AbortController()
    response.once('close', () => closed.abort())
    response.writeHead(200, headers)
    response.write(start)
    while (!response.destroyed && taken < MOST_BYTES) {
      taken += Buffer.byteLength(piece)
      if (response.write(piece)) continue
      await once(response, 'drain', { signal: closed.signal }).catch(() => {})
    }
    response.destroy()
  }

  const server = createServer((request, response) => {
    const endless = arrangedFor(request)
    if (endless !== undefined) {
      request.resume().once('end', () => void pour(endless, response))
      return
    }
    const { url, method, headers } = request
    const passedOn = httpRequest({ hostname, port, path: url, method, headers })
    passedOn.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      // Whoever breaks off is seen by the other side.
      pipeline(answer, response).catch(() => response.destroy())
    })
    pipeline(request, passedOn).catch(() => response.destroy())
  })

  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket: Socket, head: Buffer) => {
    const endless = arrangedFor(request)
    if (endless === undefined) return passSocketOn(request, socket, head)
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => {})
      client.once('message', () => {
        const send = () => {
          if (client.readyState !== client.OPEN || taken >= MOST_BYTES) return client.terminate()
          taken += Buffer.byteLength(endless.piece)
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

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}${pathname === '/' ? '' : pathname}`,
    arrange(endless) {
      arranged = endless
    },
    takenMegabytes: () => taken / 1e6,
    async stop() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

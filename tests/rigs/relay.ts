import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { listenLocally, locally } from './listening.ts'

/** The way from one instance to one server. */
export type Relay = {
  /** The same address as the target's, but through the relay. */
  url: string
  /** Breaks every connection; new ones come about. */
  drop(): void
  /** Breaks every connection, and every later attempt to connect. */
  cut(): void
  stop(): Promise<void>
}

/**
 * Puts a relay in front of a server. Once it is cut, nothing reaches the server any more: to the server the
 * client looks like a killed process.
 *
 * Every piece of what is sent, either way, waits for `onPiece`: there the sender can be killed, before the
 * piece has left or after the server has done what it asked for.
 */
export async function openRelay(
  target: string,
  onPiece: () => void | Promise<void> = () => {},
): Promise<Relay> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let isCut = false

  const passage = () =>
    new Transform({
      transform(piece, _encoding, pass) {
        Promise.resolve(onPiece()).then(() => pass(null, piece), pass)
      },
    })
  const server = createServer((client) => {
    // The relay listens on even when it is cut: another process could take a port that is set free.
    if (isCut) return client.resetAndDestroy()
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      // Held back by Nagle's algorithm, small pieces would wait for each other.
      socket.setNoDelay(true)
    }
    // A pipeline fails when one side breaks off, and then closes the other: nothing else is to be done.
    pipeline(client, passage(), upstream).catch(() => {})
    pipeline(upstream, passage(), client).catch(() => {})
  })
  const url = locally(target, await listenLocally(server))

  function drop(): void {
    for (const socket of sockets) socket.destroy()
  }

  return {
    url: url.replace(/\/$/, ''),
    drop,
    cut() {
      isCut = true
      drop()
    },
    async stop() {
      isCut = true
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { listenLocally } from '../rigs/listening.ts'

export type Gate = {
  /** The same address as the target's, but through the gate. */
  url: string
  /** Keeps the target's answers back until the returned function is called. */
  hold(): () => void
  stop(): Promise<void>
}

/** Puts a gate in front of a server: how slow it is becomes a matter of order, not of time. */
export async function openGate(target: string): Promise<Gate> {
  const { hostname, port, pathname } = new URL(target)
  const sockets = new Set<Socket>()
  let open = Promise.resolve()
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    sockets.add(client).add(upstream)
    const throttle = new Transform({
      transform(chunk, _encoding, pass) {
        void open.then(() => pass(null, chunk))
      },
    })
    // A side that breaks off destroys the other: client and product see that, the gate need not.
    pipeline(client, upstream).catch(() => {})
    pipeline(upstream, throttle, client).catch(() => {})
  })
  const ownPort = await listenLocally(server)

  return {
    url: `http://127.0.0.1:${ownPort}${pathname}`,
    hold() {
      const opening = Promise.withResolvers<void>()
      open = opening.promise
      return opening.resolve
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { neonConfig } from '@neondatabase/serverless'
import { vi } from 'vitest'
import { listenLocally } from '../rigs/listening.ts'

/** Longer than any connection may take to come about. */
const TOO_LATE_MS = 60_000

/**
 * A pooled Neon host that is waking up: it takes connections and never answers the upgrade to a WebSocket.
 * From now on Neon's driver connects to it, whatever the host, until it is disposed of.
 */
export async function wakingHost() {
  const sockets: Socket[] = []
  const server = createServer((socket) => void sockets.push(socket))
  const port = await listenLocally(server)
  const { wsProxy } = neonConfig
  neonConfig.wsProxy = () => `127.0.0.1:${port}/`
  neonConfig.useSecureWebSocket = false
  neonConfig.pipelineTLS = false
  neonConfig.pipelineConnect = false
  return {
    url: 'postgres://u:p@waking-pooler.localhost/db',
    /** What the work comes to when its connection is too late; the wait for it passes at once. */
    async tooLate<Result>(work: () => Promise<Result>): Promise<Result> {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const firstConnection = once(server, 'connection')
      const outcome = work()
      await firstConnection
      await vi.advanceTimersByTimeAsync(TOO_LATE_MS)
      vi.useRealTimers()
      return outcome
    },
    async [Symbol.asyncDispose]() {
      vi.useRealTimers()
      neonConfig.wsProxy = wsProxy
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** A PostgreSQL that asks for a password by SCRAM-SHA-256, and is played as far as its first message. */
export async function passwordAskingServer() {
  let openSockets = 0
  const server = createServer((socket) => {
    openSockets += 1
    socket.on('close', () => {
      openSockets -= 1
    })
    askForPassword(socket)
  })
  const port = await listenLocally(server)
  return {
    url: `postgres://u@127.0.0.1:${port}/db`,
    openSockets: () => openSockets,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

function askForPassword(socket: Socket): void {
  const authentication = (code: number, text: string) => {
    const head = Buffer.alloc(9, 'R')
    head.writeInt32BE(8 + text.length, 1)
    head.writeInt32BE(code, 5)
    return Buffer.concat([head, Buffer.from(text)])
  }
  socket.once('data', () => {
    socket.write(authentication(10, 'SCRAM-SHA-256\0\0'))
    socket.once('data', (data) => {
      const nonce = /r=([^,\0]+)/.exec(data.toString())?.[1]
      socket.write(authentication(11, `r=${nonce}more,s=QSXCR+Q6sek8bf92,i=4096`))
    })
  })
  // A client that gives up may do so rudely.
  socket.on('error', () => {})
}

import { createServer, type ServerResponse } from 'node:http'
import { WebSocketServer } from 'ws'
import { volatileTraits } from '../../../lib/adapters/openai/vendor-traits.ts'
import { AppError } from '../../../lib/app/error.ts'
import type { Log } from '../../../lib/app/ports.ts'
import { listenLocally } from '../listening.ts'

/** What a provider does with one request, or with one socket. */
export type Behaviour = {
  answer?(response: ServerResponse): void
  /** Sent over the socket when something is asked for, before it is closed. */
  messages?: readonly (string | Uint8Array)[]
}

/** A provider on a real port that gives the arranged answer to every request. */
export type FuzzedProvider = {
  url: string
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

export async function openFuzzedProvider(): Promise<FuzzedProvider> {
  let behaviour: Behaviour = {}
  const server = createServer((request, response) => {
    // What is still being sent when the answer is there must not be a reset.
    request.resume()
    request.once('end', () => behaviour.answer?.(response))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    // The adapter may break the socket off while hostile messages are sent.
    socket.on('error', () => {})
    socket.on('message', (request) => {
      if (!String(request).includes('"response.create"')) return
      for (const message of behaviour.messages ?? []) socket.send(message)
      socket.close()
    })
  })
  const port = await listenLocally(server)
  return {
    url: `http://127.0.0.1:${port}`,
    behave(next) {
      behaviour = next
    },
    async close() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Logs nothing. */
export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** What an adapter is made of, with waits that take no time. */
export const TOOLS = {
  now: () => new Date(),
  log: SILENT,
  sleep: async () => {},
  random: () => 0,
  traits: volatileTraits(() => new Date(), SILENT),
}

/** The result, or undefined where it failed as adapters may: with an error of ours. */
export async function resultOf<T>(calling: Promise<T>): Promise<T | undefined> {
  try {
    return await calling
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

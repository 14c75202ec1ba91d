import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { Fields, Log } from '../../lib/app/ports.ts'
import { listenLocally } from '../rigs/listening.ts'

export type Received = { path: string; headers: NodeJS.Dict<string | string[]>; body: Buffer }
export type Script = (response: ServerResponse, request: Received) => unknown

/** A provider on a real port that answers its n-th request by the n-th script, and keeps what it received. */
export async function scriptedProvider(...scripts: Script[]) {
  const requests: Received[] = []
  let connections = 0
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const { url: path = '', headers } = request
    const script = scripts[requests.length]
    requests.push({ path, headers, body: Buffer.concat(pieces) })
    if (script === undefined) return response.writeHead(500).end('{"error":{"code":"unscripted"}}')
    await script(response, requests[requests.length - 1] ?? { path, headers, body: Buffer.of() })
  })
  server.on('connection', () => {
    connections += 1
  })
  const port = await listenLocally(server)
  return {
    endpoint: { apiKey: 'test-key', baseUrl: `http://127.0.0.1:${port}/v1/` },
    received: requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Script {
  return (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body))
}

/** A log that remembers its lines. */
export function rememberingLog(): Log & {
  lines: { event: string; fields: Fields }[]
  /** The levels at which an event was logged. */
  levelsOf(event: string): Level[]
} {
  const lines: { event: string; fields: Fields }[] = []
  const levels: { event: string; level: Level }[] = []
  const writeAt =
    (level: Level) =>
    (event: string, fields: Fields = {}) => {
      lines.push({ event, fields })
      levels.push({ event, level })
    }
  return {
    lines,
    levelsOf: (event) => levels.filter((line) => line.event === event).map(({ level }) => level),
    debug: writeAt('debug'),
    info: writeAt('info'),
    warn: writeAt('warn'),
    error: writeAt('error'),
  }
}

type Level = 'debug' | 'info' | 'warn' | 'error'

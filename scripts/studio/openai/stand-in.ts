import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { openChat } from './chat.ts'
import { type Answered, contentTypeOf, type Fault, openFaults, type Stage } from './faults.ts'
import { serveRealtime } from './realtime.ts'
import { answer, type Desk, hasKey, type Latency, type RecordedRequest } from './routes.ts'
import { openTimeline, type Timeline } from './timeline.ts'
import { type Heard, openEar } from './transcription.ts'

export type { Fault, Stage } from './faults.ts'
export type { Latency, RecordedRequest } from './routes.ts'

export type OpenaiStandIn = {
  /** Base URL, with `/v1`. */
  url: string
  /** All requests of the three paid stages, oldest first. */
  requests: RecordedRequest[]
  count(stage: Stage): number
  /** What these very bytes of audio say. */
  hears(bytes: Uint8Array, heard: Heard): void
  failNext(stage: Stage, fault: Fault, times?: number): void
  /** As an exhausted quota does: until `recover`. */
  failAll(stage: Stage, fault: Fault): void
  recover(): void
  stop(): Promise<void>
}

const AT_ONCE: Latency = {
  transcribeMs: 0,
  firstTokenMs: 0,
  tokensPerSecond: 0,
  speechFirstByteMs: 0,
  speechRealtimeFactor: 0,
}

/**
 * Starts a stand-in for OpenAI on one port: transcription, chat, speech by REST and by realtime socket, models.
 *
 * It hears the recorded voice notes, corrects what they say, and speaks Czech aloud. Completions come from aimock.
 * `isTerse` makes it reply by one sentence, which is spoken by one call.
 */
export async function startOpenai(
  options: { port?: number; latency?: Partial<Latency>; isTerse?: boolean } = {},
): Promise<OpenaiStandIn> {
  const latency = { ...AT_ONCE, ...options.latency }
  const [ear, chat] = await Promise.all([openEar(), openChat(latency, options)])
  const { take, next, ...faults } = openFaults()
  const requests: RecordedRequest[] = []
  const desk: Desk = {
    latency,
    ear,
    chat,
    begin(headers, request) {
      const fault = take(request.stage)
      const met = fault === undefined ? {} : { fault: fault.kind }
      requests.push({ ...request, headers: withoutKey(headers), ...met })
      return fault
    },
  }
  const server = createServer((request, response) => {
    answer(desk, request, response).catch(() => response.destroy())
  })
  const sockets = serveSockets(server, desk, () => next('speak'))
  const port = await listen(server, options.port ?? 0)

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    count: (stage) => requests.filter((request) => request.stage === stage).length,
    hears: ear.hears,
    ...faults,
    async stop() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await Promise.all([chat.stop(), new Promise((resolve) => server.close(resolve))])
    },
  }
}

/** Takes upgrades to the realtime protocol on the same port. */
function serveSockets(
  server: Server,
  desk: Desk,
  nextFault: () => Fault | undefined,
): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const problem = problemWith(request, url)
    if (problem !== undefined) return socket.end(`HTTP/1.1 ${problem}\r\nContent-Length: 0\r\n\r\n`)
    const model = url.searchParams.get('model') ?? ''
    const begin = (asked: object, timeline: Timeline) =>
      desk.begin(request.headers, {
        stage: 'speak',
        path: '/realtime',
        fields: { model, ...asked },
        timeline,
      })
    const fault = nextFault()
    if (fault?.kind === 'answer') {
      begin({}, openTimeline())
      // Nobody else reads from it: without that it would not notice that its caller leaves.
      socket.on('error', () => socket.destroy()).once('end', () => socket.destroy())
      socket.resume()
      if (fault.end !== 'hang') socket.end(handshakeAnswer(fault))
      return
    }
    const { latency } = desk
    sockets.handleUpgrade(request, socket, head, (client) =>
      serveRealtime(client, { model, latency, begin }),
    )
  })
  return sockets
}

/** The status line of a handshake that is refused. */
function problemWith(request: IncomingMessage, url: URL): string | undefined {
  if (url.pathname !== '/v1/realtime') return '404 Not Found'
  if (!hasKey(request)) return '401 Unauthorized'
  // The beta protocol was shut down: https://developers.openai.com/api/docs/deprecations
  if (request.headers['openai-beta'] !== undefined) return '400 Bad Request'
  return undefined
}

/** What refuses a handshake, as it goes over the wire. */
function handshakeAnswer({ status, body, headers }: Answered): string {
  const told = Object.entries({ 'content-type': contentTypeOf(body), ...headers })
  const lines = told.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const length = Buffer.byteLength(body)
  return `HTTP/1.1 ${status} Refused\r\n${lines}content-length: ${length}\r\n\r\n${body}`
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function withoutKey(headers: IncomingMessage['headers']): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => name !== 'authorization')
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

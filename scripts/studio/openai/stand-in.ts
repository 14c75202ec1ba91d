import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import type { UnknownSentences } from './answers.ts'
import { openChat } from './chat.ts'
import {
  apiErrorOf,
  contentTypeOf,
  type Fault,
  openFaults,
  type RawAnswer,
  type Stage,
} from './faults.ts'
import { hum } from './hum.ts'
import { serveRealtime } from './realtime.ts'
import { answer, type Desk, hasKey, type Latency, type RecordedRequest } from './routes.ts'
import type { Voice } from './speech.ts'
import { openTimeline, type Timeline } from './timeline.ts'
import { openEar, type Transcript } from './transcription.ts'
import type { Vendor } from './vendors/vendor.ts'

export type { Fault, Stage } from './faults.ts'
export type { Latency, RecordedRequest } from './routes.ts'

export type OpenaiStandIn = {
  /** Base URL, with `/v1`. */
  url: string
  /** All requests of the three paid stages, oldest first. */
  requests: RecordedRequest[]
  count(stage: Stage): number
  /** Sets the transcript of exactly these bytes of audio. */
  hears(bytes: Uint8Array, transcript: Transcript): void
  failNext(stage: Stage, fault: Fault, times?: number): void
  /** Lets every request of the stage go wrong until `recover`, as an exhausted quota does. */
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
 * It transcribes the recorded voice notes, corrects their sentences, and speaks. Completions come from aimock.
 * `isTerse` makes its replies one sentence long, so that one call speaks them. With a `vendor` it refuses and answers as
 * that one does.
 */
export async function startOpenai(
  options: {
    port?: number
    latency?: Partial<Latency>
    isTerse?: boolean
    /** What its speech sounds like: it hums unless it is given a voice that speaks. */
    speak?: Voice
    unknownSentences?: UnknownSentences
    vendor?: Vendor
    /** Called with each request of a paid stage as it comes. */
    onRequest?: (request: RecordedRequest) => void
  } = {},
): Promise<OpenaiStandIn> {
  const latency = { ...AT_ONCE, ...options.latency }
  const [ear, chat] = await Promise.all([openEar(), openChat(latency, options)])
  const { take, next, ...faults } = openFaults()
  const requests: RecordedRequest[] = []
  const desk: Desk = {
    latency,
    ear,
    chat,
    speak: options.speak ?? hum,
    vendor: options.vendor,
    begin(headers, request) {
      const fault = take(request.stage)
      const faultField = fault === undefined ? {} : { fault: fault.kind }
      const isPaid = !isRefusing(fault, request.path)
      const record = { ...request, headers: withoutKey(headers), ...faultField, isPaid }
      requests.push(record)
      options.onRequest?.(record)
      return fault
    },
  }
  const server = createServer((request, response) => {
    // A request that broke off while it came has no caller left to answer.
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

/** Tells whether a fault refuses a request before any work is done for it; at the realtime socket, its handshake. */
function isRefusing(fault: Fault | undefined, path: string): boolean {
  if (apiErrorOf(fault) !== undefined) return true
  if (fault?.kind !== 'answer') return false
  return fault.status >= 400 || path === '/realtime' || fault.body.startsWith('data: {"error"')
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
    const begin = (fields: object, timeline: Timeline) =>
      desk.begin(request.headers, {
        stage: 'speak',
        path: '/realtime',
        fields: { model, ...fields },
        timeline,
      })
    const fault = nextFault()
    if (fault?.kind === 'answer') {
      begin({}, openTimeline())
      // Without a reader the socket would not notice that its caller leaves.
      socket.on('error', () => socket.destroy()).once('end', () => socket.destroy())
      socket.resume()
      if (fault.end !== 'hang') socket.end(handshakeAnswer(fault))
      return
    }
    const { latency, speak } = desk
    sockets.handleUpgrade(request, socket, head, (client) =>
      serveRealtime(client, { model, latency, speak, begin }),
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

/** The HTTP answer that refuses a handshake, as it goes over the wire. */
function handshakeAnswer({ status, body, headers }: RawAnswer): string {
  const headerEntries = Object.entries({ 'content-type': contentTypeOf(body), ...headers })
  const lines = headerEntries.map(([name, value]) => `${name}: ${value}\r\n`).join('')
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

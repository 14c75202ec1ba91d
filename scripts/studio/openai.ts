import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { openChat } from './openai-chat.ts'
import {
  apiError,
  apiErrorOf,
  badRequest,
  type Fault,
  openFaults,
  type Stage,
  sendError,
  sendJson,
} from './openai-faults.ts'
import { serveRealtime } from './openai-realtime.ts'
import { silentMp3, speak, speechFile } from './openai-speech.ts'
import { type Heard, openEar, sha256, transcriptionOf } from './openai-transcription.ts'

export type { Fault, Stage } from './openai-faults.ts'

/** How slow it is, in milliseconds and rates; 0 for no waiting at all. */
export type Latency = {
  transcribeMs: number
  firstTokenMs: number
  tokensPerSecond: number
  speechFirstByteMs: number
  /** Seconds of audio that come in one second. */
  speechRealtimeFactor: number
}

/** One request as it came, the key left out. */
export type RecordedRequest = {
  stage: Stage
  path: string
  headers: Record<string, string>
  fields: Record<string, unknown>
  /** Of the audio that was to be transcribed. */
  audioSha256?: string
  fault?: Fault['kind']
}

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

const MODELS: Record<string, string | null> = {
  'gpt-transcribe': null,
  'gpt-6-luna': null,
  'gpt-realtime-2.1-mini': null,
  'gpt-4o-mini-tts': '2027-01-06',
  'gpt-4o-mini-transcribe': '2027-02-26',
  'gpt-4o-mini': '2027-01-14',
}

/**
 * Starts a stand-in for OpenAI on one port: transcription, chat, speech by REST and by realtime socket, models.
 *
 * It hears the recorded voice notes, corrects what they say, and speaks Czech aloud. Completions come from aimock.
 */
export async function startOpenai(
  options: { port?: number; latency?: Partial<Latency> } = {},
): Promise<OpenaiStandIn> {
  const latency: Latency = {
    transcribeMs: 0,
    firstTokenMs: 0,
    tokensPerSecond: 0,
    speechFirstByteMs: 0,
    speechRealtimeFactor: 0,
    ...options.latency,
  }
  const faults = openFaults()
  const [ear, chat] = await Promise.all([openEar(), openChat(latency)])
  const requests: RecordedRequest[] = []

  /** Records a request and takes the fault that it is to meet. */
  function begin(
    request: Omit<RecordedRequest, 'fault' | 'headers'>,
    headers: IncomingMessage['headers'],
  ) {
    const fault = faults.take(request.stage)
    requests.push({
      ...request,
      headers: withoutKey(headers),
      ...(fault ? { fault: fault.kind } : {}),
    })
    return fault
  }

  async function transcribe(request: IncomingMessage, response: ServerResponse, body: Buffer) {
    const type = request.headers['content-type'] ?? ''
    const form = await new Response(body, { headers: { 'content-type': type } }).formData()
    const file = form.get('file')
    if (!(file instanceof File))
      return sendError(response, badRequest("Missing parameter: 'file'."))
    const bytes = new Uint8Array(await file.arrayBuffer())
    const fields = {
      ...formFields(form),
      fileName: file.name,
      mimeType: file.type,
      bytes: bytes.length,
    }
    const path = '/audio/transcriptions'
    const audioSha256 = sha256(bytes)
    const fault = begin({ stage: 'transcribe', path, fields, audioSha256 }, request.headers)
    if (await meet(fault, response)) return
    await delay(latency.transcribeMs)
    const asked = { model: String(form.get('model')), format: String(form.get('response_format')) }
    const transcription = await transcriptionOf(ear.listen(bytes), asked, bytes)
    if (typeof transcription === 'string') response.end(transcription)
    else sendJson(response, 200, transcription)
  }

  async function complete(request: IncomingMessage, response: ServerResponse, body: Buffer) {
    const fields = JSON.parse(body.toString())
    const fault = begin({ stage: 'reply', path: '/chat/completions', fields }, request.headers)
    // A reset breaks off inside the answer, which only the completion itself can do.
    if (fault?.kind !== 'reset' && (await meet(fault, response))) return
    await chat.complete(fields, fault, response)
  }

  async function say(request: IncomingMessage, response: ServerResponse, body: Buffer) {
    const fields = JSON.parse(body.toString())
    const fault = begin({ stage: 'speak', path: '/audio/speech', fields }, request.headers)
    if (await meet(fault, response)) return
    const { input, voice, response_format: format = 'mp3', speed = 1 } = fields
    const pcm = await speak(String(input), String(voice), Number(speed))
    await delay(latency.speechFirstByteMs)
    const wrong = fault?.kind === 'wrong-format' ? fault.format : undefined
    const file = wrong === 'mp3' ? silentMp3(1) : await speechFile(pcm, wrong ?? String(format))
    if (file === undefined)
      return sendError(response, badRequest(`The stand-in has no encoder for ${format}.`))
    response.writeHead(200, { 'content-type': file.contentType })
    response.end(fault?.kind === 'empty-audio' ? undefined : file.bytes)
  }

  const routes: Record<string, typeof say> = {
    'POST /v1/audio/transcriptions': transcribe,
    'POST /v1/chat/completions': complete,
    'POST /v1/audio/speech': say,
    'GET /v1/models': async (_request, response) => sendJson(response, 200, models()),
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const { pathname } = new URL(request.url ?? '/', 'http://stand-in')
    const body = await buffer(request)
    const route = routes[`${request.method} ${pathname}`]
    if (route === undefined)
      return sendError(
        response,
        apiError(404, 'unknown_url', 'invalid_request_error', 'Unknown URL.'),
      )
    if (!hasKey(request)) return sendError(response, NO_KEY)
    await route(request, response, body)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else sendError(response, badRequest(String(error)))
    })
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const problem = problemWithUpgrade(request, url)
    if (problem !== undefined) return socket.end(`HTTP/1.1 ${problem}\r\nContent-Length: 0\r\n\r\n`)
    const model = url.searchParams.get('model') ?? ''
    sockets.handleUpgrade(request, socket, head, (client) =>
      serveRealtime(client, {
        model,
        latency: {
          firstByteMs: latency.speechFirstByteMs,
          realtimeFactor: latency.speechRealtimeFactor,
        },
        begin: (fields) =>
          begin(
            { stage: 'speak', path: '/realtime', fields: { model, ...fields } },
            request.headers,
          ),
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    count: (stage) => requests.filter((request) => request.stage === stage).length,
    hears: ear.hears,
    failNext: faults.failNext,
    failAll: faults.failAll,
    recover: faults.recover,
    async stop() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await Promise.all([chat.stop(), new Promise((resolve) => server.close(resolve))])
    },
  }
}

/** Answers with the error that a fault stands for, or not at all; false where the request is to be answered. */
async function meet(fault: Fault | undefined, response: ServerResponse): Promise<boolean> {
  const error = apiErrorOf(fault)
  if (error !== undefined) sendError(response, error)
  else if (fault?.kind === 'reset') {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': 1_000 })
    response.write('OggS', () => response.destroy())
  } else if (fault?.kind !== 'hang') return false
  return true
}

const NO_KEY = apiError(401, 'invalid_api_key', 'invalid_request_error', 'No API key provided.')

function hasKey(request: IncomingMessage): boolean {
  return /^Bearer \S+/.test(request.headers.authorization ?? '')
}

/** The status line of a refused handshake. */
function problemWithUpgrade(request: IncomingMessage, url: URL): string | undefined {
  if (url.pathname !== '/v1/realtime') return '404 Not Found'
  if (!hasKey(request)) return '401 Unauthorized'
  // The beta protocol was shut down: https://developers.openai.com/api/docs/deprecations
  if (request.headers['openai-beta'] !== undefined) return '400 Bad Request'
  return undefined
}

function withoutKey(headers: IncomingMessage['headers']): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => name !== 'authorization')
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

/** The text fields of a form; those named `...[]` as lists. */
function formFields(form: FormData): Record<string, unknown> {
  const names = [...new Set(form.keys())].filter((name) => name !== 'file')
  return Object.fromEntries(
    names.map((name) =>
      name.endsWith('[]') ? [name.slice(0, -2), form.getAll(name)] : [name, form.get(name)],
    ),
  )
}

function models() {
  const data = Object.entries(MODELS).map(([id, shutdownDate]) => ({
    id,
    object: 'model',
    created: 1_750_000_000,
    owned_by: 'openai',
    shutdown_date: shutdownDate,
  }))
  return { object: 'list', data }
}

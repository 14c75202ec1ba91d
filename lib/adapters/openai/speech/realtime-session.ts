import { on } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type {
  RealtimeClientEvent,
  RealtimeResponse,
  RealtimeResponseCreateParams,
  RealtimeServerEvent,
  RealtimeSessionCreateRequest,
} from 'openai/resources/realtime/realtime'
import type { RawData, WebSocket } from 'ws'
import { z } from 'zod'
import { AppError } from '../../../app/error.ts'
import type { Endpoint } from '../client.ts'
import { providerError } from '../provider-error.ts'
import { Count } from '../token-count.ts'

/** Tokens; the totals include cached and audio tokens. */
const ReportedUsage = z
  .object({
    input_tokens: Count,
    output_tokens: Count,
    input_token_details: z.object({ cached_tokens: Count }).optional().catch(undefined),
    output_token_details: z.object({ audio_tokens: Count }).optional().catch(undefined),
  })
  .catch({ input_tokens: 0, output_tokens: 0 })
export type ReportedUsage = z.infer<typeof ReportedUsage>

export type ResponseListener = {
  /** Gets the response's PCM, base64 taken off, as it arrives, piece by piece. */
  onAudio(pcm: Uint8Array): Promise<void>
  /** Gets what the response has used, be it that it failed. */
  onUsage(usage: ReportedUsage): void
}

export type RealtimeSession = {
  /**
   * Asks for one spoken response, and returns what was said. A response that fails or is aborted before its end ends the
   * session.
   */
  say(
    response: RealtimeResponseCreateParams,
    listener: ResponseListener,
    signal: AbortSignal,
  ): Promise<string>
  isOpen(): boolean
  close(): void
}

/** Some 13 kB are the rule: 200 ms of sound. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
/** Encoding is slower than a network: what has come meanwhile waits with its sender, not here. */
const WAITING_MESSAGES = { highWaterMark: 64, lowWaterMark: 16 }
const MAX_REFUSAL_BYTES = 64 * 1024

/**
 * Opens a socket to OpenAI's Realtime API (the generally available protocol, no beta header).
 *
 * The SDK's own socket takes only `wss:`; this one goes wherever the base URL points. The signal
 * ends it at any point. Throws AppError 'provider-*', here and in `say`.
 */
export async function openRealtime(
  endpoint: Endpoint,
  model: string,
  session: RealtimeSessionCreateRequest,
  signal: AbortSignal,
): Promise<RealtimeSession> {
  const { WebSocket } = await import('ws')
  signal.throwIfAborted()
  const socket = new WebSocket(realtimeUrl(endpoint.baseUrl, model), {
    headers: { authorization: `Bearer ${endpoint.apiKey}` },
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  })
  const letGo = terminateOnAbort(socket, signal)
  socket.once('close', letGo)
  // Listens before the handshake is over, so that no event slips by. An `error` ends the iteration.
  const messages = on(socket, 'message', { close: ['close'], ...WAITING_MESSAGES })
  // Without a listener a second `error`, after the iteration has ended, would be uncaught.
  socket.on('error', () => {})

  await endOnFailure(socket, signal, async () => {
    await waitUntilOpen(socket)
    send(socket, { type: 'session.update', session })
  })
  return {
    say: (response, listener, callSignal) =>
      say({ socket, messages }, response, listener, callSignal),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close() {
      letGo()
      socket.close()
    },
  }
}

type Messages = ReturnType<typeof on>

async function say(
  { socket, messages }: { socket: WebSocket; messages: Messages },
  response: RealtimeResponseCreateParams,
  listener: ResponseListener,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted()
  const letGo = terminateOnAbort(socket, signal)
  try {
    return await endOnFailure(socket, signal, () => {
      send(socket, { type: 'response.create', response })
      return collect(messages, listener)
    })
  } finally {
    letGo()
  }
}

/** Ties a socket to a signal, until the returned function is called. */
function terminateOnAbort(socket: WebSocket, signal: AbortSignal): () => void {
  const abort = () => socket.terminate()
  signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}

/** `https://host/v1` and `http://host/v1` become `wss:` and `ws://host/v1/realtime?model=...`. */
function realtimeUrl(baseUrl: string, model: string): URL {
  const url = new URL(`${baseUrl.replace(/\/+$/, '').replace(/^http/, 'ws')}/realtime`)
  url.searchParams.set('model', model)
  return url
}

function send(socket: WebSocket, event: RealtimeClientEvent): void {
  socket.send(JSON.stringify(event))
}

/** Does work on a socket, which ends if the work fails: thrown is the signal's reason, else AppError 'provider-*'. */
async function endOnFailure<T>(
  socket: WebSocket,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // What this socket still brings belongs to a response that is given up.
    socket.terminate()
    signal.throwIfAborted()
    throw providerError(error, 'speak')
  }
}

function waitUntilOpen(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (request, response) => {
      refusal(response)
        .then(reject, reject)
        .finally(() => request.destroy())
    })
  })
}

/** The error of a handshake answered as plain HTTP, in the shape that the SDK's errors have. */
async function refusal(response: IncomingMessage): Promise<unknown> {
  const headers = new Headers()
  for (const name of ['retry-after', 'retry-after-ms']) {
    const value = response.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  let body = ''
  // Only for its code: the body may as well be a proxy's page.
  for await (const chunk of response.setEncoding('utf8')) {
    body += chunk
    if (body.length > MAX_REFUSAL_BYTES) break
  }
  const [, code] = /"code"\s*:\s*"(\w+)"/.exec(body) ?? []
  return { status: response.statusCode, headers, code }
}

async function collect(
  messages: Messages,
  { onAudio, onUsage }: ResponseListener,
): Promise<string> {
  const transcripts: string[] = []
  for (;;) {
    const next = await messages.next()
    if (next.done)
      throw new AppError('provider-failed', 'speak: the socket closed before the speech ended')
    const message: RawData = next.value[0]
    const event: RealtimeServerEvent = JSON.parse(String(message))
    if (event.type === 'error') throw providerError(event.error, 'speak')
    if (event.type === 'response.output_audio.delta')
      await onAudio(Buffer.from(event.delta, 'base64'))
    if (event.type === 'response.output_audio_transcript.done')
      transcripts.push(String(event.transcript))
    if (event.type === 'response.done') {
      if (event.response.usage) onUsage(ReportedUsage.parse(event.response.usage))
      requireCompleted(event.response)
      return transcripts.join(' ')
    }
  }
}

function requireCompleted({ status, status_details: details }: RealtimeResponse): void {
  if (status === 'completed') return
  if (details?.error) throw providerError(details.error, 'speak')
  const code = details?.reason === 'content_filter' ? 'provider-refused' : 'provider-failed'
  throw new AppError(
    code,
    `speak: the response is ${status}, ${details?.reason ?? 'no reason given'}`,
  )
}

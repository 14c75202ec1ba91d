import type { ServerResponse } from 'node:http'

/** The paid stages of a lesson, as the provider sees them. */
export type Stage = 'transcribe' | 'reply' | 'speak'

/** What can go wrong with one request. */
export type Fault =
  // Any stage.
  | { kind: 'rate-limited'; retryAfterSeconds?: number }
  | { kind: 'quota-exhausted' }
  | { kind: 'server-error' }
  /** Never answers. */
  | { kind: 'hang' }
  /** Begins to answer and drops the connection. */
  | { kind: 'reset' }
  // Any stage; the realtime socket gets it in place of its handshake.
  | RawAnswer
  // Replies. The first two break off right after `reply`, which stays whole. Over the realtime socket, half an event.
  | { kind: 'invalid-json' }
  | { kind: 'schema-violated' }
  /** Stops at the token limit: finish_reason `length`. Of speech, half the file; over the socket, `incomplete`. */
  | { kind: 'truncated' }
  | { kind: 'refusal' }
  | { kind: 'content-filter' }
  // Speech.
  | { kind: 'empty-audio' }
  | { kind: 'wrong-format'; format: 'aac' | 'mp3' | 'wav' | 'pcm' }
  /** The realtime socket speaks another text. */
  | { kind: 'reworded'; as?: string }

/**
 * An answer that does not depend on the request: an error, a proxy's page, half a stream.
 *
 * With `end`, the connection then breaks or stays silent.
 */
export type RawAnswer = {
  kind: 'answer'
  status: number
  body: string
  headers?: Record<string, string>
  end?: 'reset' | 'hang'
}

export type Faults = {
  /** Lets the stage's next requests go wrong, after those already queued. */
  failNext(stage: Stage, fault: Fault, times?: number): void
  /** Lets every request of the stage go wrong until `recover`. */
  failAll(stage: Stage, fault: Fault): void
  recover(): void
  /** The fault of the request that is being answered. */
  take(stage: Stage): Fault | undefined
  /** The fault that the stage's next request would meet. */
  next(stage: Stage): Fault | undefined
}

export function openFaults(): Faults {
  const queues: Record<Stage, Fault[]> = { transcribe: [], reply: [], speak: [] }
  const outages = new Map<Stage, Fault>()
  return {
    failNext(stage, fault, times = 1) {
      queues[stage].push(...Array<Fault>(times).fill(fault))
    },
    failAll(stage, fault) {
      outages.set(stage, fault)
    },
    recover() {
      outages.clear()
      for (const faults of Object.values(queues)) faults.length = 0
    },
    take: (stage) => queues[stage].shift() ?? outages.get(stage),
    next: (stage) => queues[stage][0] ?? outages.get(stage),
  }
}

/** An error as OpenAI words it, for HTTP and for the realtime socket alike. */
export type ApiError = {
  status: number
  headers: Record<string, string>
  error: { message: string; type: string; param: string | null; code: string | null }
}

/** The API error that a fault stands for; undefined for faults of another kind. */
export function apiErrorOf(fault: Fault | undefined): ApiError | undefined {
  switch (fault?.kind) {
    case 'rate-limited': {
      const seconds = fault.retryAfterSeconds
      const headers: Record<string, string> =
        seconds === undefined ? {} : { 'retry-after': String(seconds) }
      return apiError(429, 'rate_limit_exceeded', 'requests', 'Rate limit reached.', headers)
    }
    case 'quota-exhausted': {
      const code = 'insufficient_quota'
      return apiError(429, code, code, 'You exceeded your current quota.')
    }
    case 'server-error':
      return apiError(500, null, 'server_error', 'The server had an error.')
    default:
      return undefined
  }
}

export function apiError(
  status: number,
  code: string | null,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): ApiError {
  return { status, headers, error: { message, type, param: null, code } }
}

export function badRequest(message: string): ApiError {
  return apiError(400, null, 'invalid_request_error', message)
}

export function sendError(response: ServerResponse, { status, headers, error }: ApiError): void {
  sendJson(response, status, { error }, headers)
}

export function sendRawAnswer(response: ServerResponse, { status, body, end, headers }: RawAnswer) {
  response.writeHead(status, { 'content-type': contentTypeOf(body), ...headers })
  if (end === undefined) response.end(body)
  else response.write(body, () => end === 'reset' && response.destroy())
}

/** The content type that a server would give such a body. */
export function contentTypeOf(body: string): string {
  if (body.startsWith('<')) return 'text/html'
  return body.startsWith('data:') ? 'text/event-stream' : 'application/json'
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

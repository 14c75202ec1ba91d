import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isRefusal, refusal } from './answer.ts'
import { type Call, type Reply, refusalReply } from './calls.ts'
import type { Fault } from './faults.ts'
import type { Payload } from './objects.ts'
import { readPayload } from './request.ts'

export type ServerOptions = {
  port: number
  token: string
  keep: (bytes: Uint8Array) => Uint8Array
  /** Puts a call on record. */
  record: (method: string, payload: Payload) => Call
  takeFault: (call: Call) => Fault | null
  perform: (call: Call) => Reply
  /** Waits before an answer goes out, the constant latency included. */
  wait: (ms: number) => Promise<void>
}

/** Listens on 127.0.0.1 for the Bot API's two addresses: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
export async function startServer(options: ServerOptions) {
  const server = createServer((request, response) => {
    handle(options, request, response).catch((error: unknown) => {
      // A bug of the stand-in itself must show in the output of the test.
      console.error(error)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  // A kept-alive connection closed at the moment of its next use would look like a fault that no test arranged.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    stop: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function handle(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readWhole(request)
  // A caller that left while sending has not called a method.
  if (!body) return
  const url = new URL(request.url ?? '/', 'http://stand-in')
  // A token holds a colon, which some clients encode.
  const path = url.pathname.replaceAll(/%3a/gi, ':')
  const download = /^\/file\/bot([^/]+)\/(.+)$/.exec(path)
  const match = download ?? /^\/bot([^/]+)\/([^/]+)$/.exec(path)

  const { payload, bodyRefusal } = await payloadOf(options, request, url, body)
  const call = download
    ? options.record('downloadFile', { file_path: download[2] })
    : options.record(match?.[2] ?? path, payload)

  if (!match) return answer(call, response, refusalReply(404, 'Not Found'))
  if (match[1] !== options.token) return answer(call, response, refusalReply(401, 'Unauthorized'))
  if (bodyRefusal)
    return answer(call, response, { status: bodyRefusal.error_code, body: bodyRefusal })
  return serve(options, call, request, response)
}

async function payloadOf(
  { keep }: ServerOptions,
  request: IncomingMessage,
  url: URL,
  body: Uint8Array<ArrayBuffer>,
) {
  try {
    const type = request.headers['content-type'] ?? ''
    return { payload: await readPayload(url.searchParams, type, body, keep), bodyRefusal: null }
  } catch (error) {
    if (isRefusal(error)) return { payload: {}, bodyRefusal: error.answer }
    throw error
  }
}

/** Performs a call and answers it, or lets it meet the fault arranged for it. */
async function serve(
  options: ServerOptions,
  call: Call,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = options.takeFault(call)
  call.fault = fault
  response.once('close', () => {
    if (call.end === 'under-way') call.end = 'caller-gone'
  })

  const isBefore = fault && fault.kind !== 'slow' && (fault.when ?? 'before') === 'before'
  if (isBefore) return strike(fault, call, request, response)
  const reply = options.perform(call)
  await options.wait(fault?.kind === 'slow' ? fault.ms : 0)
  if (response.destroyed) return
  if (!fault || fault.kind === 'slow') return answer(call, response, reply)
  if (fault.kind === 'reset' && fault.when === 'midway') return resetMidway(call, response, reply)
  return strike(fault, call, request, response)
}

function strike(
  fault: Exclude<Fault, { kind: 'slow' }>,
  call: Call,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // To hang is to do nothing: the connection stays until the caller or the server closes it.
  if (fault.kind === 'hang') return
  if (fault.kind === 'error') {
    answer(call, response, errorReply(fault))
  } else {
    call.end = 'reset'
    request.socket.resetAndDestroy()
  }
}

function errorReply(fault: Extract<Fault, { kind: 'error' }>): Reply {
  const { status, retryAfterSeconds: retry, body } = fault
  if (body !== undefined) return { status, body }
  const description =
    fault.description ??
    (retry === undefined
      ? (STATUS_CODES[status] ?? 'Error')
      : `Too Many Requests: retry after ${retry}`)
  const parameters = retry === undefined ? {} : { parameters: { retry_after: retry } }
  const answer = { ...refusal(status, description).answer, ...parameters }
  return { status, body: answer }
}

function resetMidway(call: Call, response: ServerResponse, reply: Reply): void {
  const { bytes, headers } = encode(reply)
  call.end = 'reset'
  response.writeHead(reply.status, headers)
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => {
    response.socket?.resetAndDestroy()
  })
}

function answer(call: Call, response: ServerResponse, reply: Reply): void {
  const { bytes, headers } = encode(reply)
  const body = reply.body instanceof Uint8Array ? null : reply.body
  call.response = { status: reply.status, body }
  call.end = 'answered'
  response.writeHead(reply.status, headers).end(bytes)
}

function encode({ body }: Reply): { bytes: Uint8Array; headers: Record<string, string | number> } {
  const isFile = body instanceof Uint8Array
  const isText = typeof body === 'string'
  const bytes = isFile ? body : Buffer.from(isText ? body : JSON.stringify(body))
  const type = isFile ? 'application/octet-stream' : isText ? 'text/html' : 'application/json'
  return { bytes, headers: { 'content-type': type, 'content-length': bytes.length } }
}

/** The whole body; undefined when the caller left before it was complete. */
async function readWhole(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk)
  } catch {
    // A request that breaks off is a caller that left.
    return undefined
  }
  return new Uint8Array(Buffer.concat(chunks))
}

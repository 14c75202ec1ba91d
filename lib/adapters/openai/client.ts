import type OpenAI from 'openai'
import { AppError } from '../../app/error.ts'
import { memoise } from '../../app/memoise.ts'
import { errorBodyOf, statusOfAnswer } from './error-body.ts'

export type Endpoint = { apiKey: string; baseUrl: string }

/** Longer than any stage's deadline: the deadline aborts a call by its signal, never the SDK's own timer. */
const SDK_TIMEOUT_MS = 120_000

/** Learners answer within a minute; Node's own fetch drops an idle connection after 4 s. */
const KEEP_ALIVE_MS = 60_000

/**
 * The SDK's client for an endpoint, the same one for each call that asks for that endpoint.
 *
 * The SDK and undici are loaded by the first call, since that is the largest part of a cold start;
 * a caller that waits for something else first can ask for the client early. The SDK's own
 * retries are off (`retrying` has them), its log too (it can print what a learner said), and it
 * takes no organisation, project or address from the operator's shell.
 */
export const openaiClient: (endpoint: Endpoint) => Promise<OpenAI> = clientOfEach()

function clientOfEach(): (endpoint: Endpoint) => Promise<OpenAI> {
  const clients = new Map<string, () => Promise<OpenAI>>()
  return (endpoint) => {
    const key = JSON.stringify([endpoint.baseUrl, endpoint.apiKey])
    const client = clients.get(key) ?? memoise(() => open(endpoint))
    clients.set(key, client)
    return client()
  }
}

async function open({ apiKey, baseUrl }: Endpoint): Promise<OpenAI> {
  const [{ default: OpenAI }, { Agent, Dispatcher1Wrapper }] = await Promise.all([
    import('openai'),
    import('undici'),
  ])
  // Node 24's fetch is undici 7 and speaks to an agent of undici 8 only through this wrapper.
  // undici's own fetch would do without it, but the SDK then refuses to upload files.
  const dispatcher = new Dispatcher1Wrapper(new Agent({ keepAliveTimeout: KEEP_ALIVE_MS }))
  return new OpenAI({
    apiKey,
    adminAPIKey: null,
    baseURL: baseUrl.replace(/\/+$/, ''),
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: SDK_TIMEOUT_MS,
    logLevel: 'off',
    fetch: vendorFetch(),
    // What a learner said must not be posted on to wherever a redirect points.
    fetchOptions: { dispatcher, redirect: 'error' },
  })
}

/** Three minutes of speech as WAV are 9 MB, and no other answer comes near. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/**
 * The same client for one call, which tells right before its request is written: where no connection comes about, it never
 * is.
 */
export function tellingClient(client: OpenAI, onSend: () => void): OpenAI {
  return client.withOptions({ fetch: vendorFetch(onSend) })
}

/**
 * As fetch, but breaks off an answer that does not end, counted as it is read, so once decompressed; and a refusal
 * comes in OpenAI's shape, whatever shape its server gives it, be it with status 200.
 */
const vendorFetch =
  (onSend = () => {}): typeof fetch =>
  async (input, init) => {
    const wholeInit = await withWholeForm(init)
    const response = bounded(await fetch(input, tellingInit(wholeInit, onSend)))
    const isJson = /\bjson\b/i.test(response.headers.get('content-type') ?? '')
    if (response.status < 400 && !isJson) return response
    const text = await response.text()
    const status = response.status < 400 ? statusOfAnswer(text) : response.status
    return remade(response, status, status < 400 ? text : JSON.stringify(errorBodyOf(text)))
  }

/**
 * A request whose form is read before it is sent. Node's fetch (undici 7.29) reads one beside the sending, and where the
 * call is aborted meanwhile, the next part is enqueued on a stream that is closed: an error that nothing can catch,
 * and that ends the process.
 */
async function withWholeForm(init: RequestInit | undefined): Promise<RequestInit | undefined> {
  if (!(init?.body instanceof FormData)) return init
  const form = new Response(init.body)
  const headers = new Headers(init.headers)
  headers.set('content-type', form.headers.get('content-type') ?? '')
  return { ...init, headers, body: await form.bytes() }
}

/** The same request, which tells when it is written: looking its host up, connecting and greeting come before. */
function tellingInit(init: RequestInit | undefined, onSend: () => void): RequestInit {
  const dispatcher = init?.dispatcher?.compose(
    (dispatch) => (options, handler) => dispatch(options, tellingHandler(handler, onSend)),
  )
  return { ...init, ...(dispatcher && { dispatcher }) }
}

type Handler = Parameters<NonNullable<RequestInit['dispatcher']>['dispatch']>[1]

/** A handler that tells when its request begins: by the name that Node's fetch gives that moment, or by undici's newer one. */
function tellingHandler(handler: Handler, onSend: () => void): Handler {
  return new Proxy(handler, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...values: unknown[]) => {
        if (name === 'onConnect' || name === 'onRequestStart') onSend()
        return Reflect.apply(member, target, values)
      }
    },
  })
}

/** The same response with a body that has been read, and perhaps changed. */
function remade(
  { status: ownStatus, statusText, headers }: Response,
  status: number,
  body: string,
): Response {
  const newHeaders = new Headers(headers)
  newHeaders.delete('content-length')
  if (status >= 400) newHeaders.set('content-type', 'application/json')
  // These have no body, and a response with one cannot be made.
  const hasBody = ![204, 205].includes(ownStatus)
  return new Response(hasBody ? body : null, { status, statusText, headers: newHeaders })
}

function bounded(response: Response): Response {
  let length = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, stream) {
      length += chunk.length
      if (length > MAX_ANSWER_BYTES)
        throw new AppError(
          'provider-failed',
          `The answer is longer than ${MAX_ANSWER_BYTES} bytes.`,
        )
      stream.enqueue(chunk)
    },
  })
  return new Response(response.body?.pipeThrough(limit) ?? null, response)
}

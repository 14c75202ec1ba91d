import { AppError, type ErrorCode } from '../../app/error.ts'
import type { Stage } from '../../app/usage.ts'
import { keepRefusal, keepReported, type Refusal } from './refusal.ts'

/** Codes and types by which a provider says that the account, not the moment, is the matter. */
const EXHAUSTED = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
  'quota_exceeded',
])
const RATE_LIMITED = new Set(['rate_limit_exceeded', 'rate_limit_error'])
const REFUSED = new Set(['content_filter', 'content_policy_violation', 'moderation_blocked'])
/** How an error inside a stream or a WebSocket, without a status, says that asking again is no use. */
const REJECTED = new Set([
  'invalid_request_error',
  'authentication_error',
  'permission_error',
  'not_found_error',
  'invalid_api_key',
  'model_not_found',
])
/** Groq's 400 for what its model wrote, not for what was asked: another call may do better. */
const UNFINISHED_JSON = 'json_validate_failed'
const TIMED_OUT = /timed? ?out|TIMEDOUT|TIMEOUT|abort/i

/**
 * Translates what a provider's SDK or the network threw into an AppError 'provider-*'.
 *
 * The message names the stage, the HTTP status, the provider's code and the request id. It never
 * quotes the provider: its words may repeat the key or what the learner said, so only errors of
 * the network are kept as the cause. The SDK's errors are recognised by their shape, because importing its
 * classes costs more than the whole rest of a cold start.
 */
export function providerError(error: unknown, stage: Stage): AppError {
  if (error instanceof AppError) return error
  const status = statusOf(error)
  const words = [field(error, 'code'), field(error, 'type')].filter(isWord)
  const code = codeOf(error, status, words)
  const details = [
    status === undefined ? nameOf(error) : `HTTP ${status}`,
    ...words,
    ...withLabel('param', field(error, 'param')),
    ...withLabel('request', field(error, 'requestID')),
  ]
  // Without a status and a body it is the network's error, or ours. A SyntaxError quotes what it read.
  const quotesProvider =
    status !== undefined || field(error, 'error') !== undefined || error instanceof SyntaxError
  const appError = new AppError(code, `${stage}: ${details.join(', ')}`, {
    ...(error instanceof Error && !quotesProvider ? { cause: error } : {}),
    retryAfterMs: retryAfterMs(field(error, 'headers'), Date.now()),
    stage,
  })
  // A socket's error is no Error, one inside a stream has what was sent.
  if (status !== undefined || field(error, 'error') !== undefined || !(error instanceof Error))
    keepReported(appError)
  // Inside a stream only its type tells of a refusal.
  const refusalStatus = status ?? (words.some((word) => REJECTED.has(word)) ? 400 : undefined)
  if (refusalStatus === undefined) return appError
  return keepRefusal(appError, refusalIn(error, refusalStatus))
}

/** The HTTP status; of an error inside a stream, the one that gateways put into its code. */
function statusOf(error: unknown): number | undefined {
  const status = field(error, 'status')
  if (typeof status === 'number') return status
  const code = field(error, 'code')
  const isStatus =
    (typeof code === 'number' || typeof code === 'string') && /^[45]\d\d$/.test(`${code}`)
  return isStatus ? Number(code) : undefined
}

function refusalIn(error: unknown, status: number): Refusal {
  const body = field(error, 'error')
  const message = field(body, 'message') ?? field(error, 'message')
  const fields = field(body, 'fields')
  return {
    status,
    words: typeof message === 'string' ? message : (JSON.stringify(message) ?? ''),
    fields: Array.isArray(fields) ? fields.filter(isWord) : [field(error, 'param')].filter(isWord),
  }
}

/** Does work with a provider, whose errors come as `providerError`. */
export async function withProviderErrors<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // Above the adapters only our own codes are known.
    throw providerError(error, stage)
  }
}

function codeOf(error: unknown, status: number | undefined, words: string[]): ErrorCode {
  const name = nameOf(error)
  if (status === 402 || words.some((word) => EXHAUSTED.has(word))) return 'provider-quota-exhausted'
  if (name === 'ContentFilterFinishReasonError' || words.some((word) => REFUSED.has(word)))
    return 'provider-refused'
  if (status === 429 || words.some((word) => RATE_LIMITED.has(word))) return 'provider-rate-limited'
  if (status === 408 || status === 504) return 'provider-timeout'
  // An operator can correct a wrong key or model name, and then everything works again.
  if (status === 401 || status === 403 || status === 404) return 'provider-unauthorized'
  if (status !== undefined && status >= 400 && status < 500 && status !== 409)
    return words.includes(UNFINISHED_JSON) ? 'provider-failed' : 'provider-rejected'
  if (status === undefined && words.some((word) => REJECTED.has(word))) return 'provider-rejected'
  if (status === undefined && isTimeout(error)) return 'provider-timeout'
  return 'provider-failed'
}

/** Looks at the error and its causes: undici wraps `ConnectTimeoutError` in `fetch failed`, the SDK that. */
function isTimeout(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const clues = [nameOf(at), field(at, 'code'), at.message]
    if (clues.some((word) => typeof word === 'string' && TIMED_OUT.test(word))) return true
  }
  return false
}

/** Reads `retry-after-ms`, then `retry-after` in seconds or as an HTTP date; undefined where neither is sane. */
function retryAfterMs(headers: unknown, now: number): number | undefined {
  if (!(headers instanceof Headers)) return undefined
  const milliseconds = headers.get('retry-after-ms')
  const retryAfter = headers.get('retry-after')
  if (milliseconds !== null && Number(milliseconds) > 0) return Number(milliseconds)
  if (retryAfter === null || retryAfter.trim() === '') return undefined
  const wait = Number.isNaN(Number(retryAfter))
    ? Date.parse(retryAfter) - now
    : Number(retryAfter) * 1_000
  // 0 asks for nothing: our own waits are longer.
  return wait > 0 ? wait : undefined
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an error'
  return error.name === 'Error' ? error.constructor.name : error.name
}

function withLabel(label: string, value: unknown): string[] {
  return isWord(value) ? [`${label} ${value}`] : []
}

/** Tells whether a value is an identifier, and not a sentence that might quote a learner. */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.:[\]-]{1,80}$/.test(value)
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

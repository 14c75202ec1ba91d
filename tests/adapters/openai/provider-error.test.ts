import OpenAI from 'openai'
import { ContentFilterFinishReasonError, LengthFinishReasonError } from 'openai/error'
import { describe, expect, test } from 'vitest'
import { providerError } from '../../../lib/adapters/openai/provider-error.ts'
import { AppError } from '../../../lib/app/error.ts'

function http(status: number, error: object = {}, headers: Record<string, string> = {}) {
  return OpenAI.APIError.generate(status, { error }, undefined, new Headers(headers))
}

const fetchFailed = (cause: Error) => new TypeError('fetch failed', { cause })
const errorWithCode = (code: string) => Object.assign(new Error('no'), { code })

describe('provider errors', () => {
  test.each([
    ['quota used up', http(429, { code: 'insufficient_quota' }), 'provider-quota-exhausted'],
    ['quota by its type', http(429, { type: 'insufficient_quota' }), 'provider-quota-exhausted'],
    [
      'billing limit',
      http(400, { code: 'billing_hard_limit_reached' }),
      'provider-quota-exhausted',
    ],
    ['payment required', http(402), 'provider-quota-exhausted'],
    ['too many requests', http(429, { code: 'rate_limit_exceeded' }), 'provider-rate-limited'],
    ['request timeout', http(408), 'provider-timeout'],
    ['gateway timeout', http(504), 'provider-timeout'],
    ['conflict', http(409), 'provider-failed'],
    ['server error', http(500), 'provider-failed'],
    ['overload', http(503), 'provider-failed'],
    ['bad request', http(400), 'provider-rejected'],
    [
      'JSON that the model did not finish',
      http(400, { code: 'json_validate_failed' }),
      'provider-failed',
    ],
    ['a rate limit in a stream', { code: 429, message: 'slow down' }, 'provider-rate-limited'],
    ['a rate limit in a stream, as text', { code: '429' }, 'provider-rate-limited'],
    ['an empty account in a stream', { code: 402 }, 'provider-quota-exhausted'],
    ['an empty account in a stream, as text', { code: '402' }, 'provider-quota-exhausted'],
    ['a refused key in a stream', { code: 401 }, 'provider-unauthorized'],
    ['an overload in a stream', { code: 503 }, 'provider-failed'],
    ['a vendor’s own number in a stream', { code: 1_000 }, 'provider-failed'],
    ['wrong key', http(401, { code: 'invalid_api_key' }), 'provider-unauthorized'],
    ['forbidden', http(403), 'provider-unauthorized'],
    ['unknown model', http(404, { code: 'model_not_found' }), 'provider-unauthorized'],
    ['content filter', http(400, { code: 'content_filter' }), 'provider-refused'],
    ['filtered end', new ContentFilterFinishReasonError(), 'provider-refused'],
    ['cut end', new LengthFinishReasonError(), 'provider-failed'],
    ['SDK timeout', new OpenAI.APIConnectionTimeoutError(), 'provider-timeout'],
    ['SDK abort', new OpenAI.APIUserAbortError(), 'provider-timeout'],
    [
      'SDK connection',
      new OpenAI.APIConnectionError({ cause: errorWithCode('ECONNRESET') }),
      'provider-failed',
    ],
    ['connect timeout', fetchFailed(errorWithCode('UND_ERR_CONNECT_TIMEOUT')), 'provider-timeout'],
    ['refused', fetchFailed(errorWithCode('ECONNREFUSED')), 'provider-failed'],
    [
      'cut stream',
      new TypeError('terminated', { cause: errorWithCode('UND_ERR_SOCKET') }),
      'provider-failed',
    ],
    ['web page instead of JSON', new SyntaxError('Unexpected token <'), 'provider-failed'],
    ['deadline', new DOMException('too late', 'TimeoutError'), 'provider-timeout'],
    ['event in a stream', { type: 'server_error', code: null }, 'provider-failed'],
    ['quota in a stream', { type: 'insufficient_quota' }, 'provider-quota-exhausted'],
    ['rejection in a stream', { type: 'invalid_request_error' }, 'provider-rejected'],
    ['a thrown string', 'oops', 'provider-failed'],
  ])('an error (%s) has its code', (_, error, code) => {
    expect(providerError(error, 'reply').code).toBe(code)
  })

  test('the message names stage, status, code and request id', () => {
    const error = http(
      400,
      { code: 'unsupported_value', type: 'invalid_request_error', param: 'reasoning_effort' },
      { 'x-request-id': 'req_42' },
    )
    expect(providerError(error, 'transcribe').message).toBe(
      'transcribe: HTTP 400, unsupported_value, invalid_request_error, param reasoning_effort, request req_42',
    )
  })

  test("neither message nor cause repeats the provider's words", () => {
    const message = 'Incorrect API key provided: test-key. Input was: já být v kino'
    const errors = [
      http(401, { message, code: message, type: message }, { 'x-request-id': 'a b' }),
      new OpenAI.APIError(undefined, { message }, undefined, new Headers()),
      new SyntaxError(message),
      { message, type: message },
    ].map((error) => providerError(error, 'reply'))
    for (const error of errors) expect(chain(error)).not.toMatch(/test-key|kino/)
  })

  test("the network's error is kept as the cause", () => {
    const error = fetchFailed(errorWithCode('ECONNREFUSED'))
    expect(providerError(error, 'speak').cause).toBe(error)
  })

  test('an AppError passes through', () => {
    const error = new AppError('provider-refused', 'reply: refused')
    expect(providerError(error, 'reply')).toBe(error)
  })

  test.each([
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '0' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-3' }, undefined],
    [{ 'retry-after': 'Mon, 01 Jan 2001 00:00:00 GMT' }, undefined],
    [{}, undefined],
  ])('%o asks to wait %s ms', (headers, ms) => {
    expect(providerError(http(429, {}, { ...headers }), 'reply').retryAfterMs).toBe(ms)
  })

  test('a date in retry-after is counted from now', () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    const ms = providerError(http(503, {}, { 'retry-after': date }), 'reply').retryAfterMs
    expect(ms).toBeGreaterThan(50_000)
    expect(ms).toBeLessThanOrEqual(60_000)
  })
})

function chain(error: unknown): string {
  return error instanceof Error
    ? `${error.message}\n${chain(error.cause)}`
    : (JSON.stringify(error) ?? '')
}

import { describe, expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../lib/app/error.ts'
import { answering } from '../../lib/http/answering.ts'
import { rememberingLog } from '../support/scripted-provider.ts'

const SECRET = 'postgres://user:password@host'

function failingFunction(error: unknown, environment = 'production') {
  const log = rememberingLog()
  const fetch = answering(
    async () => ({ log, config: { showsTracebacks: environment === 'development' } }),
    {
      GET: () => Promise.reject(error),
    },
  )
  return { log, fetch: () => fetch(new Request('https://bot.example/')) }
}

type Problem = { code: string; request_id: string; traceback?: string }

describe('errors', () => {
  const cases: [ErrorCode, string, number, string | null][] = [
    ['database-unavailable', 'database_unavailable', 503, '5'],
    ['misconfigured', 'misconfigured', 503, null],
    ['provider-failed', 'provider_failed', 502, '5'],
    ['provider-rate-limited', 'provider_failed', 502, '5'],
    ['provider-rejected', 'provider_failed', 502, '5'],
    ['provider-timeout', 'provider_timeout', 504, '5'],
    ['provider-quota-exhausted', 'provider_quota_exhausted', 503, '300'],
    ['provider-refused', 'refused', 422, null],
    ['lease-lost', 'internal_error', 500, null],
    ['telegram-failed', 'internal_error', 500, null],
  ]
  test.each(cases)(
    'the error %s is the problem %s with status %i',
    async (code, problemCode, status, retryAfter) => {
      const response = await failingFunction(new AppError(code, 'why')).fetch()
      expect(response.status).toBe(status)
      expect(response.headers.get('retry-after')).toBe(retryAfter)
      expect(await response.json()).toMatchObject({ code: problemCode, status })
    },
  )

  test.each([new TypeError(SECRET), SECRET, undefined, { message: SECRET }])(
    'an unforeseen error is 500, and its message is in the log only (%#)',
    async (error) => {
      const { log, fetch } = failingFunction(error)
      const response = await fetch()
      const body = await response.text()
      expect(response.status).toBe(500)
      expect(body).not.toContain('password')
      const { request_id } = JSON.parse(body) as Problem
      expect(log.lines).toEqual([{ event: 'unhandled_exception', fields: { request_id, error } }])
    },
  )

  test('an error with a code is logged as `processing_error`, without a stack, under the request id of the answer', async () => {
    const error = new AppError('provider-failed', 'reply: HTTP 500')
    const { log, fetch } = failingFunction(error)
    const { request_id } = (await (await fetch()).json()) as Problem
    expect(log.lines).toEqual([
      {
        event: 'processing_error',
        fields: { request_id, error: 'provider-failed: reply: HTTP 500' },
      },
    ])
  })

  test.each<[ErrorCode, string, string, boolean]>([
    // Their callers know, and ask again.
    ['provider-failed', 'processing_error', 'warn', false],
    ['provider-quota-exhausted', 'processing_error', 'warn', false],
    ['database-unavailable', 'processing_error', 'warn', false],
    // Only an operator can put this right.
    ['misconfigured', 'processing_error', 'error', true],
    ['telegram-failed', 'unhandled_exception', 'error', false],
  ])(
    'a request that fails by %s is a line `%s` of level %s, alert: %s',
    async (code, event, level, isAlert) => {
      const { log, fetch } = failingFunction(new AppError(code, 'why'))
      await fetch()
      expect(log.levelsOf(event)).toEqual([level])
      expect(log.lines.map(({ fields }) => fields.alert === true)).toEqual([isAlert])
    },
  )

  test.each(['production', 'preview', 'test'])(
    'an error has no traceback in %s',
    async (environment) => {
      const response = await failingFunction(new TypeError('boom'), environment).fetch()
      const body = await response.text()
      expect(body).not.toContain('boom')
      expect(body).not.toContain('.ts:')
    },
  )

  test('an error has its traceback in development', async () => {
    const response = await failingFunction(new TypeError('boom'), 'development').fetch()
    const { traceback } = (await response.json()) as Problem
    expect(traceback).toContain('TypeError: boom')
    expect(traceback).toContain('answering.test.ts')
  })

  test('an error of making the dependencies has no traceback, for the environment is unknown', async () => {
    const fetch = answering(() => Promise.reject(new TypeError(SECRET)), {
      GET: async () => ({ kind: 'answer' }),
    })
    const response = await fetch(new Request('https://bot.example/'))
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('password')
  })
})

describe('requests', () => {
  const deps = async () => ({ log: rememberingLog(), config: { showsTracebacks: false } })

  test('a request goes to the handler of its method, and has a request id of its own', async () => {
    const fetch = answering(deps, {
      GET: async () => ({ kind: 'answer', isTraceable: true }),
      POST: async (request) => ({ kind: 'answer', body: { post: await request.text() } }),
    })
    const post = new Request('https://bot.example/', { method: 'POST', body: 'x' })
    const answer = await fetch(post)
    expect(await answer.json()).toEqual({ post: 'x' })
    expect(answer.headers.has('x-request-id')).toBe(false)
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const { headers } = await fetch(new Request('https://bot.example/'))
        return headers.get('x-request-id')
      }),
    )
    expect(ids[0]).toMatch(/^[\da-f-]{36}$/)
    expect(ids[0]).not.toBe(ids[1])
  })

  test('a request with another method is 405 with the allowed ones, and makes no dependencies', async () => {
    let timesMade = 0
    const countDeps = () => {
      timesMade += 1
      return deps()
    }
    const handler = async () => ({ kind: 'answer' as const })
    const fetch = answering(countDeps, { GET: handler, POST: handler })
    for (const method of ['PUT', 'constructor', '__proto__', 'valueOf']) {
      const response = await fetch(new Request('https://bot.example/', { method }))
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, POST')
      expect(await response.json()).toMatchObject({ code: 'method_not_allowed' })
    }
    expect(timesMade).toBe(0)
  })
})

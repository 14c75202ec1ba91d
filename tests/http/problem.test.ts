import { describe, expect, test } from 'vitest'
import { PROBLEMS, type ProblemCode, problem } from '../../lib/http/problem.ts'
import { responseTo } from '../../lib/http/response.ts'

const codes = Object.keys(PROBLEMS) as ProblemCode[]

describe('a problem', () => {
  test('each problem code has the status of the contract', () => {
    const statuses = Object.fromEntries(codes.map((code) => [code, PROBLEMS[code].status]))
    expect(statuses).toMatchObject({
      invalid_request: 400,
      unauthorized: 401,
      forbidden: 403,
      unknown_learner: 404,
      method_not_allowed: 405,
      in_progress: 409,
      audio_too_large: 413,
      unsupported_audio: 415,
      nothing_heard: 422,
      idempotency_mismatch: 422,
      quota_used_up: 429,
      provider_failed: 502,
      database_unavailable: 503,
      provider_quota_exhausted: 503,
      misconfigured: 503,
      provider_timeout: 504,
    })
  })

  test.each(codes)('the problem %s has every member of RFC 9457', async (code) => {
    const response = responseTo('request-1', problem(code, { detail: 'What to do.' }))
    expect(response.status).toBe(PROBLEMS[code].status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('x-request-id')).toBe('request-1')
    expect(response.headers.has('retry-after')).toBe(false)
    expect(await response.json()).toEqual({
      type: `urn:mluv-me:problem:${code}`,
      title: PROBLEMS[code].title,
      status: PROBLEMS[code].status,
      code,
      detail: 'What to do.',
      request_id: 'request-1',
    })
  })

  test.each([
    [0, '1'],
    [0.2, '1'],
    [-5, '1'],
    [4.2, '5'],
    [86_400, '86400'],
  ])(
    'a problem to retry in %d s says so in whole seconds, at least one',
    (retryAfterSeconds, header) => {
      const response = responseTo('r', problem('quota_used_up', { detail: '.', retryAfterSeconds }))
      expect(response.headers.get('retry-after')).toBe(header)
    },
  )

  test('a problem has its wrong fields, further members and headers', async () => {
    const errors = [{ field: 'level', message: 'is wrong' }]
    const details = { detail: '.', errors, members: { detected_language: 'ru' } }
    const response = responseTo('r', problem('invalid_request', details, { allow: 'POST' }))
    expect(response.headers.get('allow')).toBe('POST')
    expect(await response.json()).toMatchObject({ errors, detected_language: 'ru' })
  })
})

/** The status of each error code of the lesson API; the codes are stable, their texts are not. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'The credentials are missing or wrong' },
  forbidden: { status: 403, title: 'These credentials do not allow this' },
  unknown_learner: { status: 404, title: 'There is no such learner' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here' },
  in_progress: { status: 409, title: 'The same request is still running' },
  audio_too_large: { status: 413, title: 'The request is too large' },
  unsupported_audio: { status: 415, title: 'The audio cannot be read' },
  nothing_heard: { status: 422, title: 'No Czech was heard' },
  idempotency_mismatch: { status: 422, title: 'The key belongs to another request' },
  refused: { status: 422, title: 'The tutor declines to talk about this' },
  quota_used_up: { status: 429, title: 'The plan of the day is used up' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  provider_failed: { status: 502, title: 'The speech or language provider failed' },
  database_unavailable: { status: 503, title: 'The database does not answer' },
  provider_quota_exhausted: { status: 503, title: 'The provider has no quota left' },
  misconfigured: { status: 503, title: 'The service is not configured' },
  provider_timeout: { status: 504, title: 'The provider did not answer in time' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export type ProblemDetails = {
  detail: string
  /** Wrong fields, all at once. */
  errors?: { field: string; message: string }[]
  retryAfterSeconds?: number
  headers?: Record<string, string>
  /** Further members, such as `detected_language`. */
  members?: Record<string, unknown>
}

/** An error as RFC 9457 `application/problem+json`. */
export function problem(
  code: ProblemCode,
  requestId: string,
  { detail, errors, retryAfterSeconds, headers, members }: ProblemDetails,
): Response {
  const { status, title } = PROBLEMS[code]
  const body = {
    type: `urn:mluv-me:problem:${code}`,
    title,
    status,
    code,
    detail,
    request_id: requestId,
    ...(errors && { errors }),
    ...members,
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'x-request-id': requestId,
      ...(retryAfterSeconds !== undefined && {
        'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))),
      }),
      ...headers,
    },
  })
}

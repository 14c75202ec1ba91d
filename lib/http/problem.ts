import { AppError, type ErrorCode } from '../app/error.ts'
import type { Fields } from '../app/ports.ts'

/** The status and title of each code, and when it comes; the codes are stable, their texts are not. */
export const PROBLEMS = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    meaning: 'Every wrong field at once, in `errors`.',
  },
  unauthorized: {
    status: 401,
    title: 'The credentials are missing or wrong',
    meaning: 'No key, a wrong or a revoked one.',
  },
  forbidden: {
    status: 403,
    title: 'These credentials do not allow this',
    meaning:
      'The key does not allow this, such as one learner more than its limit, or the data of a learner on Telegram.',
  },
  unknown_learner: {
    status: 404,
    title: 'There is no such learner',
    meaning:
      'The learner is not known or was deleted. A lesson needs a known one only with a key for Telegram learners: one who has pressed /start.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This method is not allowed here',
    meaning: '`Allow` has those that are.',
  },
  in_progress: {
    status: 409,
    title: 'The same request is still running',
    meaning: 'Ask again with the same Idempotency-Key.',
  },
  audio_too_large: {
    status: 413,
    title: 'The request is too large',
    meaning: 'The recording has too many bytes.',
  },
  unsupported_audio: {
    status: 415,
    title: 'The audio cannot be read',
    meaning: 'It is of no format that is read here, or damaged.',
  },
  nothing_heard: {
    status: 422,
    title: 'No Czech was heard',
    meaning: 'Silence, or another language (`detected_language`). Nothing was counted.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'The key belongs to another request',
    meaning: 'The Idempotency-Key was used for another request.',
  },
  refused: {
    status: 422,
    title: 'The tutor declines to talk about this',
    meaning: 'The model declines the subject. Nothing was counted.',
  },
  quota_used_up: {
    status: 429,
    title: 'The plan of the day is used up',
    meaning: "The learner's plan, a limit of the key or the service's budget of the day.",
  },
  too_many_waiting: {
    status: 429,
    title: 'Too many requests of this learner wait',
    meaning: 'Send this one again when those before it are answered.',
  },
  unknown_job: {
    status: 404,
    title: 'There is no such job',
    meaning: 'Of the dashboard alone: it was pruned, or never was.',
  },
  too_many_attempts: {
    status: 429,
    title: 'Too many wrong tokens were tried',
    meaning: 'Of the dashboard alone: `Retry-After` has the seconds.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong here',
    meaning: 'Ours: it is logged under the request id.',
  },
  provider_failed: {
    status: 502,
    title: 'The speech or language provider failed',
    meaning: 'Nothing was counted. Send the same request again.',
  },
  database_unavailable: {
    status: 503,
    title: 'The database does not answer',
    meaning: 'Nothing was lost. Send the same request again.',
  },
  provider_quota_exhausted: {
    status: 503,
    title: 'The provider has no quota left',
    meaning: 'Nothing was counted. Send the same request again in a few minutes.',
  },
  misconfigured: {
    status: 503,
    title: 'The service is not configured',
    meaning: 'Its operator has to put it right.',
  },
  provider_timeout: {
    status: 504,
    title: 'The provider did not answer in time',
    meaning: 'Nothing was counted. Send the same request again.',
  },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export type ProblemDetails = {
  detail: string
  /** Wrong fields, all at once. */
  errors?: { field: string; message: string }[]
  retryAfterSeconds?: number
  /** Further members, such as `detected_language`. */
  members?: Record<string, unknown>
}

/** What a handler returns instead of an answer. The journal stores it in this form, too. */
export type Problem = {
  kind: 'problem'
  code: ProblemCode
  details: ProblemDetails
  headers?: Record<string, string>
  /** What its line in the log says besides; null where the job that it comes from has logged it. */
  logFields?: Fields | null
}

export function problem(
  code: ProblemCode,
  details: ProblemDetails,
  headers?: Record<string, string>,
): Problem {
  return { kind: 'problem', code, details, ...(headers && { headers }) }
}

/** A problem as its caller reads it: RFC 9457 problem details. */
export function problemBody(requestId: string, { code, details }: Problem): object {
  const { status, title } = PROBLEMS[code]
  const { detail, errors, members } = details
  return {
    type: `urn:mluv-me:problem:${code}`,
    title,
    status,
    code,
    detail,
    request_id: requestId,
    ...(errors && { errors }),
    ...members,
  }
}

/** The problem that an error is to the caller: `internal_error` where it has no code. */
export function problemOfError(error: unknown): Problem {
  return error instanceof AppError
    ? problemOfFailure(error.code, error.message)
    : problemOfFailure('unknown')
}

/** The problem of a code of the app's; only `misconfigured` shows its message to the caller. */
export function problemOfFailure(errorCode: string, message = 'See /health.'): Problem {
  const code = PROBLEM_CODES[errorCode as ErrorCode] ?? 'internal_error'
  return problem(code, failureDetails(code, message))
}

function failureDetails(code: ProblemCode, message: string): ProblemDetails {
  switch (code) {
    case 'misconfigured':
      return { detail: message }
    case 'database_unavailable':
      return { detail: 'Nothing was lost. Try again soon.', retryAfterSeconds: 5 }
    case 'in_progress':
      return { detail: 'Ask again with the same Idempotency-Key.', retryAfterSeconds: 5 }
    // A failure only where it is held back: a quota that is used up is an answer.
    case 'quota_used_up': {
      const detail =
        "What is left of the day's budget is held back for lessons that are under way. Send the same request again."
      return { detail, retryAfterSeconds: 10 }
    }
    case 'provider_quota_exhausted':
      return { detail: 'Try again in a few minutes.', retryAfterSeconds: 300 }
    case 'provider_timeout':
    case 'provider_failed':
      return { detail: 'Nothing was counted. Send the same request again.', retryAfterSeconds: 5 }
    default:
      return { detail: 'The error is logged under this request id.' }
  }
}

const PROBLEM_CODES: Partial<Record<ErrorCode, ProblemCode>> = {
  'budget-held-back': 'quota_used_up',
  // The client of this request is still there. Another one with the same key has left, and the job can be
  // begun again.
  'client-left': 'in_progress',
  'database-unavailable': 'database_unavailable',
  'learner-gone': 'unknown_learner',
  misconfigured: 'misconfigured',
  'provider-failed': 'provider_failed',
  'provider-parked': 'provider_quota_exhausted',
  'provider-quota-exhausted': 'provider_quota_exhausted',
  'provider-rate-limited': 'provider_failed',
  'provider-rejected': 'provider_failed',
  'provider-refused': 'refused',
  'provider-timeout': 'provider_timeout',
  'provider-unauthorized': 'provider_failed',
  'provider-unusable': 'provider_failed',
}

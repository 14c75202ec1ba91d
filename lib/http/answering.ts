import { randomUUID } from 'node:crypto'
import { AppError, type ErrorCode } from '../app/error.ts'
import type { Log } from '../app/ports.ts'
import { type ProblemCode, type ProblemDetails, problem } from './problem.ts'

/** What a handler knows besides its dependencies. */
export type Asked = { requestId: string }

export type Handler<Deps> = (request: Request, deps: Deps, asked: Asked) => Promise<Response>

/** What is answered is for the caller alone, and nothing but what it says it is. */
export const PRIVATE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

export type BaseDeps = { log: Log; config: { showsTracebacks: boolean } }

/**
 * Makes a function's `fetch`: one handler per method, and every error as a problem response.
 *
 * A traceback is in the body only where the operator has asked for the development environment.
 */
export function answering<Deps extends BaseDeps>(
  getDeps: () => Promise<Deps>,
  handlers: Partial<Record<'GET' | 'POST', Handler<Deps>>>,
): (request: Request) => Promise<Response> {
  const allowed = Object.keys(handlers).join(', ')
  async function answer(request: Request): Promise<Response> {
    const requestId = randomUUID()
    // Own ones only: a method may be called `constructor`, too.
    const handler = Object.hasOwn(handlers, request.method)
      ? handlers[request.method as keyof typeof handlers]
      : undefined
    if (handler === undefined) {
      const detail = `${request.method} is not allowed here: use ${allowed}.`
      return problem('method_not_allowed', requestId, { detail, headers: { allow: allowed } })
    }
    let deps: Deps | undefined
    try {
      deps = await getDeps()
      return await handler(request, deps, { requestId })
    } catch (error) {
      return problemOf(error, requestId, deps)
    }
  }
  return async (request) => {
    const response = await answer(request)
    for (const [name, value] of Object.entries(PRIVATE)) response.headers.set(name, value)
    return response
  }
}

/** Logs an error and makes its answer: its own code where it has one, `internal_error` otherwise. */
export function problemOf(error: unknown, requestId: string, deps: BaseDeps | undefined): Response {
  const code = error instanceof AppError ? problemCode(error.code) : 'internal_error'
  const event = code === 'internal_error' ? 'unhandled_exception' : 'processing_error'
  deps?.log.error(event, { request_id: requestId, error })
  const traceback =
    deps?.config.showsTracebacks && error instanceof Error
      ? { members: { traceback: error.stack } }
      : {}
  return problem(code, requestId, { ...detailsOf(code, error), ...traceback })
}

/** What the caller learns of an error that has a code; nothing of one that has none. */
export function detailsOf(code: ProblemCode, error: unknown): ProblemDetails {
  switch (code) {
    case 'misconfigured':
      return { detail: error instanceof AppError ? error.message : 'See /health.' }
    case 'database_unavailable':
      return { detail: 'Nothing was lost. Try again soon.', retryAfterSeconds: 5 }
    case 'in_progress':
      return { detail: 'Ask again with the same Idempotency-Key.', retryAfterSeconds: 5 }
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
  // Who asks for it has not: another who asked the same has, and it is begun again.
  'client-left': 'in_progress',
  'database-unavailable': 'database_unavailable',
  misconfigured: 'misconfigured',
  'provider-failed': 'provider_failed',
  'provider-parked': 'provider_quota_exhausted',
  'provider-quota-exhausted': 'provider_quota_exhausted',
  'provider-rate-limited': 'provider_failed',
  'provider-rejected': 'provider_failed',
  'provider-refused': 'refused',
  'provider-timeout': 'provider_timeout',
  'provider-unauthorized': 'provider_failed',
}

/** The API's code for one of the app's. */
export function problemCode(code: string): ProblemCode {
  return PROBLEM_CODES[code as ErrorCode] ?? 'internal_error'
}

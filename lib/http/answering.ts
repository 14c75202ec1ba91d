import { randomUUID } from 'node:crypto'
import { hasCode } from '../app/error.ts'
import { describeError } from '../app/jobs/failure.ts'
import type { Log, LogScope } from '../app/ports.ts'
import type { Answer, EventsAnswer } from './answer.ts'
import { PROBLEMS, type Problem, problem, problemOfError } from './problem.ts'
import { eventsResponse, responseTo } from './response.ts'

export type Handler<Deps> = (
  request: Request,
  deps: Deps,
) => Promise<Answer | EventsAnswer | Problem>

export type BaseDeps = {
  log: Log
  /** Where it is given, all lines of what a request begins carry its id. */
  logScope?: LogScope
  config: { showsTracebacks: boolean }
}

/**
 * Makes a function's `fetch`: one handler per method, and every error as a problem response.
 *
 * The body has a traceback only where the configuration shows tracebacks: in the development environment.
 */
export function answering<Deps extends BaseDeps>(
  getDeps: () => Promise<Deps>,
  handlers: Partial<Record<'GET' | 'POST' | 'DELETE', Handler<Deps>>>,
): (request: Request) => Promise<Response> {
  const allowedMethods = Object.keys(handlers).join(', ')
  const logRefusal = refusalLog()
  return async (request) => {
    const requestId = randomUUID()
    // Own properties only: a request's method may be `constructor`, too.
    const handler = Object.hasOwn(handlers, request.method)
      ? handlers[request.method as keyof typeof handlers]
      : undefined
    if (handler === undefined) {
      const detail = `${request.method} is not allowed here: use ${allowedMethods}.`
      const headers = { allow: allowedMethods }
      return responseTo(requestId, problem('method_not_allowed', { detail }, headers))
    }
    let deps: Deps | undefined
    const problemOf = (error: unknown) => loggedProblem(error, requestId, deps)
    try {
      const ready = await getDeps()
      deps = ready
      const outcome = await underRequest(ready, requestId, () => handler(request, ready))
      if (outcome.kind === 'problem') logRefusal(ready.log, request, requestId, outcome)
      return outcome.kind === 'events'
        ? eventsResponse(requestId, outcome, problemOf)
        : responseTo(requestId, outcome)
    } catch (error) {
      // The edge: the caller gets a problem, the log the error.
      return responseTo(requestId, problemOf(error))
    }
  }
}

/** Does the work of a request, whose id all its lines carry, those of the jobs among them that it wakes. */
function underRequest<T>(
  { logScope }: BaseDeps,
  requestId: string,
  work: () => Promise<T>,
): Promise<T> {
  if (logScope === undefined) return work()
  return logScope.within(() => {
    logScope.add({ request_id: requestId })
    return work()
  })
}

/** Whom nothing keeps from asking could fill the log with these. */
const UNAUTHORIZED_EVERY_MS = 60_000

/** Logs one line for each request that is refused; for those without credentials one a minute, with their count. */
function refusalLog() {
  let quietUntil = 0
  let count = 0
  return (log: Log, request: Request, requestId: string, { code, logFields }: Problem): void => {
    if (logFields === null) return
    const isUnauthorized = code === 'unauthorized'
    if (isUnauthorized) {
      count += 1
      if (performance.now() < quietUntil) return
      quietUntil = performance.now() + UNAUTHORIZED_EVERY_MS
    }
    log.info('request_refused', {
      request_id: requestId,
      path: new URL(request.url).pathname,
      code,
      status: PROBLEMS[code].status,
      ...(isUnauthorized && { count }),
      ...logFields,
    })
    if (isUnauthorized) count = 0
  }
}

/** Logs an error under the request id that its problem shows. */
function loggedProblem(error: unknown, requestId: string, deps: BaseDeps | undefined): Problem {
  const { code, details } = problemOfError(error)
  if (hasCode(error, 'client-left')) {
    deps?.log.info('client_left', { request_id: requestId })
    return problem(code, details)
  }
  const event = code === 'internal_error' ? 'unhandled_exception' : 'processing_error'
  const fields = { request_id: requestId }
  if (code === 'internal_error') deps?.log.error(event, { ...fields, error })
  else if (code === 'misconfigured') {
    deps?.log.error(event, { ...fields, alert: true, error: describeError(error) })
  }
  // Its caller knows, and asks again: a line, and no stack.
  else deps?.log.warn(event, { ...fields, error: describeError(error) })
  const showsTraceback = deps?.config.showsTracebacks && error instanceof Error
  return problem(code, {
    ...details,
    ...(showsTraceback && { members: { traceback: error.stack } }),
  })
}

import type { Answer, EventsAnswer } from './answer.ts'
import { eventStream } from './event-stream.ts'
import { PROBLEMS, type Problem, problemBody } from './problem.ts'

/** An answer is for the caller alone, and nothing but what its content type says. */
const PRIVATE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** The response to a request: JSON or text, or a problem as RFC 9457 `application/problem+json`. */
export function responseTo(requestId: string, outcome: Answer | Problem): Response {
  const { status, headers } = headOf(requestId, outcome)
  const body = bodyOf(requestId, outcome)
  const text = outcome.kind === 'answer' ? outcome.text : undefined
  return new Response(text ?? (body === undefined ? null : JSON.stringify(body)), {
    status,
    headers: { ...headers, ...PRIVATE },
  })
}

/** The response whose body is events; `problemOf` says what the last one is if the sending throws. */
export function eventsResponse(
  requestId: string,
  answer: EventsAnswer,
  problemOf: (error: unknown) => Problem,
): Response {
  const stream = eventStream()
  answer.runBeside(async () => {
    // The status line has gone out: only an event can tell of a failure now.
    const outcome = await answer.send(stream).catch(problemOf)
    stream.send(outcome.kind === 'answer' ? 'done' : 'error', bodyOf(requestId, outcome))
    stream.end()
  })
  return new Response(stream.body, {
    headers: {
      'content-type': 'text/event-stream',
      // Proxies that gather answers (nginx) are asked not to.
      'x-accel-buffering': 'no',
      'x-request-id': requestId,
      ...answer.headers,
      ...PRIVATE,
    },
  })
}

function headOf(
  requestId: string,
  outcome: Answer | Problem,
): { status: number; headers: Record<string, string> } {
  if (outcome.kind === 'problem') return problemHead(requestId, outcome)
  const { status = 200, body, headers, isTraceable } = outcome
  return {
    status,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(isTraceable && { 'x-request-id': requestId }),
      ...headers,
    },
  }
}

function problemHead(requestId: string, { code, details, headers }: Problem) {
  const { retryAfterSeconds } = details
  const retryAfter =
    retryAfterSeconds === undefined ? undefined : Math.max(1, Math.ceil(retryAfterSeconds))
  return {
    status: PROBLEMS[code].status,
    headers: {
      'content-type': 'application/problem+json',
      'x-request-id': requestId,
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...headers,
    },
  }
}

function bodyOf(requestId: string, outcome: Answer | Problem): object | undefined {
  return outcome.kind === 'answer' ? outcome.body : problemBody(requestId, outcome)
}

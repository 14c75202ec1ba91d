import { PROBLEMS, type ProblemCode, problem, problemBody } from './problem.ts'
import { ref } from './schema.ts'

const CODES = Object.keys(PROBLEMS) as ProblemCode[]

/** A problem, in the OpenAPI document. */
export const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem details.',
  required: ['type', 'title', 'status', 'code', 'detail', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer', enum: [...new Set(CODES.map((code) => PROBLEMS[code].status))] },
    code: {
      type: 'string',
      enum: CODES,
      description: CODES.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}`).join('\n'),
    },
    detail: { type: 'string', description: 'What to do, for people: its wording may change.' },
    request_id: { type: 'string' },
    detected_language: {
      type: ['string', 'null'],
      description: 'With `nothing_heard`, where another language was: ISO 639-1 if it is known.',
    },
    traceback: { type: 'string', description: 'In the development environment only.' },
    errors: {
      type: 'array',
      description: 'With `invalid_request`: every wrong field, at once.',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}

const RETRYABLE: ReadonlySet<number> = new Set([409, 429, 502, 503, 504])

export const KEY_HEADER = {
  description: 'The key by which the same request replays the same answer for 24 h.',
  schema: { type: 'string' },
}
export const REQUEST_ID_HEADER = {
  description: 'The id under which the operator finds the request in the log.',
  required: true,
  schema: { type: 'string' },
}

/** One response per status; several codes may share one. */
export function problemResponses(problemCodes: readonly ProblemCode[] = CODES) {
  const byStatus = Map.groupBy(problemCodes, (code) => PROBLEMS[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}`).join(' '),
        headers: {
          'X-Request-Id': REQUEST_ID_HEADER,
          'Idempotency-Key': KEY_HEADER,
          ...(RETRYABLE.has(status) && {
            'Retry-After': { schema: { type: 'integer', minimum: 1 }, description: 'Seconds.' },
          }),
        },
        content: problemContent(codes),
      },
    ]),
  )
}

/** The content of a response with one of these problems. */
function problemContent(codes: readonly ProblemCode[]) {
  const examples = Object.fromEntries(
    codes.map((code) => {
      const { title, meaning } = PROBLEMS[code]
      const value = problemBody(
        '0b6b2f0e-2f5f-4d3c-8a67-6d9d1a3a4c10',
        problem(code, { detail: meaning }),
      )
      return [code, { summary: title, value }]
    }),
  )
  return { 'application/problem+json': { schema: ref('Problem'), examples } }
}

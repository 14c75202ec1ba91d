import { z } from 'zod'
import { LessonAnswer } from './lesson/answer.ts'
import { LESSON_EVENTS } from './lesson/events.ts'
import { LessonFields, MAX_AUDIO_BYTES } from './lesson/request.ts'
import { PROBLEMS, type ProblemCode } from './problem.ts'

/** The lesson API and /health as an OpenAPI 3.1 document, made of the schemas that the code checks with. */
export function openapiDocument(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mluv.Me lesson API',
      version,
      description:
        'Czech lessons by voice and text: what was heard, what was wrong and why, and the tutor’s spoken answer.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: {
      '/api/v1/lessons/process': { post: lessonOperation },
      '/health': { get: healthOperation },
    },
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the operator’s.' },
        adminToken: { type: 'http', scheme: 'bearer', description: 'The operator’s own token.' },
      },
      schemas: {
        LessonText: textSchema,
        LessonForm: formSchema,
        LessonAnswer: schemaOf(LessonAnswer, 'output'),
        LessonEvents: eventsSchema,
        Problem: problemSchema,
      },
    },
  }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema, ...definition } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return definition
}

const fields = schemaOf(LessonFields, 'input') as { properties: object; required?: string[] }

const textSchema = { ...fields, required: ['user_id', 'text'] }
const formSchema = {
  ...fields,
  properties: {
    ...fields.properties,
    audio: {
      type: 'string',
      format: 'binary',
      description: `Ogg/Opus, MP3, M4A, WAV or WebM; at most ${MAX_AUDIO_BYTES} bytes and 60 seconds.`,
    },
  },
  oneOf: [{ required: ['audio'] }, { required: ['text'] }],
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem details.',
  required: ['type', 'title', 'status', 'code', 'detail', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    detail: { type: 'string' },
    request_id: { type: 'string' },
    detected_language: {
      type: ['string', 'null'],
      description: 'With `nothing_heard`, where another language was: ISO 639-1 if it is known.',
    },
    traceback: { type: 'string', description: 'In the development environment only.' },
    errors: {
      type: 'array',
      description: 'Every wrong field, at once.',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}

/** The data of each event, by the event's name. */
const eventsSchema = {
  type: 'object',
  description: 'What the data of each event is, by its name.',
  properties: {
    ...Object.fromEntries(
      Object.entries(LESSON_EVENTS).map(([event, data]) => [event, schemaOf(data, 'output')]),
    ),
    done: ref('LessonAnswer'),
    error: ref('Problem'),
  },
}

const eventStreamSchema = {
  type: 'string',
  description:
    'Server-sent events, to `Accept: text/event-stream`: `transcript`, `reply`, `audio` and `corrections` as soon as there is something to tell, in any order and as far as this process knows it; the last one is `done`, with the same answer as without streaming, or `error`, with a problem. Their data is JSON: see LessonEvents. What fails before the lesson has begun is a problem response. Who is cut off asks again with the same Idempotency-Key.',
}

const EVENTS_EXAMPLE = `event: transcript
data: {"transcript":"Včera jsem šel do obchod."}

event: reply
data: {"delta":"A co sis","restart":false}

event: reply
data: {"delta":" koupil?","restart":false}

`

const RETRYABLE: ReadonlySet<number> = new Set([409, 429, 502, 503, 504])

const lessonOperation = {
  operationId: 'processLesson',
  summary: 'One lesson: a recording or a text in, corrections and the tutor’s answer out.',
  security: [{ apiKey: [] }],
  parameters: [
    {
      name: 'Idempotency-Key',
      in: 'header',
      description:
        'The same key with the same request replays the same answer for 24 h. Without one a key is made; it is in the answer’s header.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
  ],
  requestBody: {
    required: true,
    content: {
      'multipart/form-data': { schema: ref('LessonForm') },
      'application/json': { schema: ref('LessonText') },
    },
  },
  responses: {
    200: {
      description: 'The lesson is recorded.',
      headers: {
        'Idempotency-Key': { schema: { type: 'string' } },
        'X-Request-Id': { schema: { type: 'string' } },
      },
      content: {
        'application/json': { schema: ref('LessonAnswer') },
        'text/event-stream': { schema: eventStreamSchema, example: EVENTS_EXAMPLE },
      },
    },
    ...problemResponses(),
  },
}

const healthOperation = {
  operationId: 'health',
  summary: 'Whether this deployment can do its work.',
  security: [{}, { adminToken: [] }],
  parameters: [
    {
      name: 'deep',
      in: 'query',
      description: '1 asks Telegram and OpenAI, too; needs the admin token.',
      schema: { type: 'string', enum: ['1'] },
    },
  ],
  responses: {
    200: { description: 'Healthy.', content: healthContent('healthy') },
    401: { description: '`deep` without the admin token.' },
    503: { description: 'Unhealthy: `checks` says what.', content: healthContent('unhealthy') },
  },
}

function healthContent(status: string) {
  const checks = { type: 'object', additionalProperties: { type: 'string' } }
  const text = { type: 'string' }
  const properties = { status: { const: status }, version: text, environment: text, checks }
  const schema = { type: 'object', required: ['status', 'checks'], properties }
  return { 'application/json': { schema } }
}

/** One response per status; several codes may share one. */
function problemResponses() {
  const codes = Object.keys(PROBLEMS) as ProblemCode[]
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codesOfStatus]) => [
      status,
      {
        description: codesOfStatus.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        ...(RETRYABLE.has(status) && {
          headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds.' } },
        }),
        content: { 'application/problem+json': { schema: ref('Problem') } },
      },
    ]),
  )
}

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` }
}

import { KEY_HEADER, problemResponses, REQUEST_ID_HEADER } from '../problem-schema.ts'
import { ref, schemaOf } from '../schema.ts'
import { LessonAnswer } from './answer.ts'
import { LESSON_EVENTS } from './events.ts'
import { ANSWER_EXAMPLE, EVENTS_EXAMPLE, TEXT_EXAMPLE } from './examples.ts'
import { LessonFields } from './fields.ts'
import { MAX_AUDIO_BYTES } from './request.ts'

const lessonFields = schemaOf(LessonFields, 'input') as { properties: Record<string, object> }
const { text, ...otherProperties } = lessonFields.properties
const commonProperties = {
  ...otherProperties,
  include_audio: {
    type: 'boolean',
    default: true,
    description: 'Whether to answer with sound, too. In a form also 1, 0, yes or no.',
  },
}

const textSchema = {
  ...lessonFields,
  description: 'A lesson by text.',
  properties: { ...commonProperties, text },
  required: ['user_id', 'text'],
}
const recordingSchema = {
  ...lessonFields,
  description: 'A lesson by voice.',
  properties: {
    ...commonProperties,
    audio: {
      type: 'string',
      format: 'binary',
      description: `Ogg/Opus, MP3, M4A, AAC, WAV, FLAC or WebM; at most ${MAX_AUDIO_BYTES} bytes and 60 seconds.`,
    },
  },
  required: ['user_id', 'audio'],
}

const eventProperties = {
  ...Object.fromEntries(
    Object.entries(LESSON_EVENTS).map(([event, data]) => [event, schemaOf(data, 'output')]),
  ),
  done: ref('LessonAnswer'),
  error: ref('Problem'),
}

const eventsSchema = {
  type: 'object',
  description: `What the data of each server-sent event is, by its name. To \`Accept: text/event-stream\` a lesson is answered so: \`transcript\`, \`reply\`, \`audio\` and \`corrections\` as soon as there is something to tell, in any order and as far as this process knows it; the last one is \`done\`, with the same answer as without streaming, or \`error\`, with a problem. What fails before the lesson has begun is a problem response. A client that is cut off asks again with the same Idempotency-Key. A stream begins so:\n\n${EVENTS_EXAMPLE}`,
  required: Object.keys(eventProperties),
  properties: eventProperties,
}

/** The lesson's schemas in the OpenAPI document, by name. */
export const LESSON_SCHEMAS = {
  LessonText: textSchema,
  LessonRecording: recordingSchema,
  LessonAnswer: schemaOf(LessonAnswer, 'output'),
  LessonEvents: eventsSchema,
}

const textContent = { schema: ref('LessonText'), example: TEXT_EXAMPLE }

/** `POST /api/v1/lessons/process` in the OpenAPI document. */
export const lessonOperation = {
  operationId: 'processLesson',
  summary: 'One lesson: a recording or a text in, corrections and the tutor’s answer out.',
  description:
    'To `Accept: text/event-stream` the same lesson is answered by server-sent events while it happens: see LessonEvents. A field that is not listed is an error.',
  security: [{ apiKey: [] }],
  parameters: [
    {
      name: 'Idempotency-Key',
      in: 'header',
      description:
        'The same key with the same request replays the same answer for 24 h. Visible ASCII without blanks. Without one a key is made; it is in the answer’s header.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
      example: '2f1c3a52-7d0e-4f0b-9c55-0a3f3f0f8a11',
    },
  ],
  requestBody: {
    required: true,
    content: {
      'multipart/form-data': {
        schema: { oneOf: [ref('LessonRecording'), ref('LessonText')] },
        example: TEXT_EXAMPLE,
      },
      'application/json': textContent,
      'application/x-www-form-urlencoded': textContent,
    },
  },
  responses: {
    // JSON alone: a client made of two types of content would have to tell them apart at each answer.
    200: {
      description: 'The lesson is recorded.',
      headers: {
        'Idempotency-Key': { ...KEY_HEADER, required: true },
        'X-Request-Id': REQUEST_ID_HEADER,
      },
      content: { 'application/json': { schema: ref('LessonAnswer'), example: ANSWER_EXAMPLE } },
    },
    ...problemResponses(),
  },
}

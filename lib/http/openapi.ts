import { LEARNER_SCHEMAS, learnerOperations } from './learners/operations.ts'
import { LESSON_SCHEMAS, lessonOperation } from './lesson/operation.ts'
import { problemSchema } from './problem-schema.ts'

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
      '/api/v1/learners/{user_id}': learnerOperations,
      '/health': { get: healthOperation },
    },
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the operator’s.' },
        adminToken: { type: 'http', scheme: 'bearer', description: 'The operator’s own token.' },
      },
      schemas: { ...LESSON_SCHEMAS, ...LEARNER_SCHEMAS, Problem: problemSchema },
    },
  }
}

const string = { type: 'string' }

const refusalContent = {
  'application/json': {
    schema: {
      type: 'object',
      required: ['status', 'detail'],
      properties: { status: { const: 'unauthorized' }, detail: string },
    },
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
    401: { description: '`deep` without the admin token.', content: refusalContent },
    503: { description: 'Unhealthy: `checks` says what.', content: healthContent('unhealthy') },
  },
}

function healthContent(status: string) {
  const checks = { type: 'object', additionalProperties: { type: 'string' } }
  const properties = { status: { const: status }, version: string, environment: string, checks }
  const schema = { type: 'object', required: ['status', 'checks'], properties }
  return { 'application/json': { schema } }
}

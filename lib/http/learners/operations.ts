import { EXPORT_FORMAT, EXPORT_SECTIONS, SECTION_NAMES } from '../../domain/privacy/export.ts'
import type { ProblemCode } from '../problem.ts'
import { problemResponses, REQUEST_ID_HEADER } from '../problem-schema.ts'
import { ref } from '../schema.ts'

/** All that is kept of a learner: a table of rows a section, each row with these fields. */
const exportSchema = {
  type: 'object',
  description: 'All that is kept of a learner. Times are ISO 8601 in UTC.',
  required: ['format', 'exported_at', ...SECTION_NAMES],
  properties: {
    format: { const: EXPORT_FORMAT },
    exported_at: { type: 'string', format: 'date-time' },
    ...Object.fromEntries(SECTION_NAMES.map((name) => [name, sectionSchema(name)])),
  },
}

function sectionSchema(name: (typeof SECTION_NAMES)[number]) {
  const { about, fields } = EXPORT_SECTIONS[name]
  const row = {
    type: 'object',
    required: fields,
    properties: Object.fromEntries(fields.map((field) => [field, {}])),
  }
  return name === 'learner'
    ? { ...row, description: about }
    : { type: 'array', description: about, items: row }
}

export const LEARNER_SCHEMAS = { LearnerExport: exportSchema }

const CODES: readonly ProblemCode[] = [
  'invalid_request',
  'unauthorized',
  'forbidden',
  'unknown_learner',
  'method_not_allowed',
  'internal_error',
  'database_unavailable',
  'misconfigured',
]

const parameters = [
  {
    name: 'user_id',
    in: 'path',
    required: true,
    description:
      'Your own id for the learner, URL-encoded. An id that no path can have, such as `..`, comes as `/api/v1/learners?user_id=..`.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
    example: 'adam',
  },
]

const common = { security: [{ apiKey: [] }], parameters }
const headers = { 'X-Request-Id': REQUEST_ID_HEADER }
const problems = problemResponses(CODES)

/** `/api/v1/learners/{user_id}` in the OpenAPI document. */
export const learnerOperations = {
  get: {
    operationId: 'exportLearner',
    summary: 'All that is kept of a learner of this key.',
    ...common,
    responses: {
      200: {
        description: 'The learner is known.',
        headers,
        content: { 'application/json': { schema: ref('LearnerExport') } },
      },
      ...problems,
    },
  },
  delete: {
    operationId: 'deleteLearner',
    summary: 'Deletes all that is kept of a learner of this key.',
    description:
      'Requests of the learner that wait or run are answered `unknown_learner`. Charges stay, and name no learner. The same user_id is a new learner afterwards.',
    ...common,
    responses: { 204: { description: 'The learner is deleted.', headers }, ...problems },
  },
}

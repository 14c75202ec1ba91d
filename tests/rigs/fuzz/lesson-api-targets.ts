import assert from 'node:assert/strict'
import { openapiDocument } from '../../../lib/http/openapi.ts'
import { PROBLEMS } from '../../../lib/http/problem.ts'
import { isStreamed, streamedAnswer } from '../streamed-answer.ts'
import { lessonApiRequest } from './lesson-api-requests.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'

/** The statuses that the OpenAPI document declares, without 500: no request may cause that. */
const DECLARED = declaredStatuses().filter((status) => status !== 500)

function declaredStatuses(): number[] {
  const { paths } = openapiDocument('0') as {
    paths: Record<string, { post?: { responses: Record<string, unknown> } }>
  }
  return Object.keys(paths['/api/v1/lessons/process']?.post?.responses ?? {}).map(Number)
}

/** What API clients send. */
export const LESSON_API_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'lesson-api',
    fact: 'any request to the lesson API is answered with a status and a code that are declared',
    weight: 15,
    arbitrary: lessonApiRequest,
    async holds({ content, headers: { authorization, ...otherHeaders }, method }, subject) {
      const product = await subject.product()
      const isKey = authorization === 'right'
      const request = new Request('https://bot.example/api/v1/lessons/process', {
        method,
        headers: {
          ...otherHeaders,
          'content-type': content.type,
          authorization: isKey ? `Bearer ${product.apiKey}` : authorization,
        },
        body: content.body,
      })
      const response = await product.lessons(request)
      const text = await response.text()
      const outcome = isStreamed(response)
        ? streamedAnswer(text)
        : { status: response.status, body: text }
      await product.settle()
      assert.ok(DECLARED.includes(outcome.status), `${outcome.status} ${outcome.body}`)
      if (method === 'POST' && !isKey) assert.equal(outcome.status, 401)
      const answer = JSON.parse(outcome.body)
      if (outcome.status === 200) return assert.ok(Number.isInteger(answer.lesson_id))
      assert.ok(Object.hasOwn(PROBLEMS, answer.code), `code ${answer.code}`)
      assert.equal(answer.status, outcome.status)
    },
  }),
]

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { errorBodyOf, statusOfAnswer } from '../../../lib/adapters/openai/error-body.ts'
import { REASON_WORDS } from '../../../lib/adapters/openai/reason-words.ts'
import { loggableReason } from '../../../lib/adapters/openai/refusal.ts'
import { changes, editedJson, hostileJson } from './json.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'

const FASTAPI = {
  detail: [{ type: 'extra_forbidden', loc: ['body', 'store'], msg: 'Extra inputs', input: {} }],
}
const GATEWAY = {
  error: {
    message: 'litellm.BadRequestError: {"message":"store: Extra inputs are not permitted"}',
    code: '400',
    param: 'store',
    metadata: { raw: '{"object":"error","message":{"detail":[]}}' },
  },
}
const KEYS = ['error', 'message', 'detail', 'loc', 'param', 'code', 'raw', 'msg', 'metadata']

/** How servers refuse: in the shapes that they have, changed, or in none. */
const refusal = fc.oneof(
  { weight: 3, arbitrary: changes(KEYS).map((edits) => editedJson(FASTAPI, edits)) },
  { weight: 3, arbitrary: changes(KEYS).map((edits) => editedJson(GATEWAY, edits)) },
  { weight: 1, arbitrary: hostileJson() },
  { weight: 1, arbitrary: hostileText() },
)

/** What is made of a server's no. */
export const VENDOR_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'refusal',
    fact: 'any refusal is an error in OpenAI’s shape, and is logged in the words of refusals only',
    weight: 100,
    arbitrary: refusal,
    holds(text) {
      const { error } = errorBodyOf(text)
      assert.ok(error.message.length <= 4_000)
      for (const field of error.fields) assert.match(field, /^[\w$]{1,60}$/)
      const status = statusOfAnswer(text)
      assert.ok(status === 200 || (status >= 400 && status < 600), `${status}`)
      const reason = loggableReason(error.message)
      assert.ok(reason.length <= 200)
      for (const word of reason.match(/[\p{L}\p{N}]+/gu) ?? []) {
        const parts = word
          .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
          .toLowerCase()
          .split(' ')
        // The last word may be cut off.
        const isKnown = parts.every((part) => /^\d{1,4}$/.test(part) || REASON_WORDS.has(part))
        assert.ok(isKnown || reason.endsWith(word), word)
      }
    },
  }),
]

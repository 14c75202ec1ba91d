import assert from 'node:assert/strict'
import fc from 'fast-check'
import { openapiDocument } from '../../../lib/http/openapi.ts'
import { PROBLEMS } from '../../../lib/http/problem.ts'
import { type Bytes, hostileContainer, hostileOgg, joined, recording } from './damaged-audio.ts'
import { changedJson, changes, hostileJson } from './json.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'

/** What the OpenAPI document declares but for 500: nobody may be able to cause that. */
const DECLARED = declaredStatuses().filter((status) => status !== 500)

function declaredStatuses(): number[] {
  const { paths } = openapiDocument('0') as {
    paths: Record<string, { post?: { responses: Record<string, unknown> } }>
  }
  return Object.keys(paths['/api/v1/lessons/process']?.post?.responses ?? {}).map(Number)
}

const FIELDS = [
  'user_id',
  'text',
  'audio',
  'include_audio',
  'native_language',
  'level',
  '__proto__',
]

/** Right most of the time, so that the other fields of a request are looked at, too. */
function mostly(right: readonly string[], wrong: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: wrong },
  )
}

const fields = fc.record(
  {
    user_id: mostly(['a', 'b'], hostileText(4)),
    text: mostly(['Jdu do škola.', 'Привет, как дела?'], hostileText()),
    include_audio: mostly(['false', 'no', '0'], fc.constantFrom('true', '2')),
    native_language: mostly(['uk', 'EN-gb'], hostileText(3)),
    level: mostly(['beginner', 'native'], fc.constantFrom('Beginner', '')),
  },
  { requiredKeys: ['user_id'] },
)

const BOUNDARY = 'boundary-of-theirs'

const headerText = fc.stringMatching(/^[\x20-\x7e\xa0-\xff]{0,40}$/)
const headers = fc.record(
  {
    authorization: fc.oneof(
      { weight: 19, arbitrary: fc.constant('right') },
      { weight: 1, arbitrary: headerText },
    ),
    'idempotency-key': fc.oneof(
      { weight: 9, arbitrary: fc.nat(99).map((at) => `k${at}`) },
      { weight: 1, arbitrary: headerText },
    ),
    'content-encoding': fc.constantFrom('gzip', 'identity'),
    'content-length': fc.constantFrom('0', '99999999', '-1'),
    'transfer-encoding': headerText,
  },
  { requiredKeys: ['authorization'] },
)

/** Sometimes a good recording: else nothing would come through to the lesson. */
const audio: fc.Arbitrary<Bytes> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(recording('1-shop')) },
  { weight: 20, arbitrary: hostileOgg },
  { weight: 1, arbitrary: hostileContainer },
)

const part = fc.oneof(
  fc.record({
    name: fc.oneof(fc.constantFrom(...FIELDS), hostileText(3)),
    value: fc.oneof(
      hostileText(8).map(bytesOf),
      hostileText(3).map((text) =>
        bytesOf(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${text}`),
      ),
    ),
    more: fc.constantFrom(
      '',
      '; filename="',
      '; filename=x',
      '\r\nContent-Type: multipart/mixed',
      '\r\n\r\n',
    ),
  }),
  fc.record({ name: fc.constant('audio'), value: audio, more: fc.constant('; filename="a.ogg"') }),
  fields.map(({ user_id }) => ({ name: 'user_id', value: bytesOf(user_id), more: '' })),
)

/** Forms as no client would make them: parts again, nested, cut off, of other boundaries and line ends. */
const form = fc
  .record({
    parts: fc.array(part, { maxLength: 6 }),
    again: fc.oneof(
      { weight: 19, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.constant(2_000) },
    ),
    lineEnd: fc.oneof(
      { weight: 9, arbitrary: fc.constant('\r\n') },
      fc.constantFrom('\n', '\r', ''),
    ),
    end: fc.constantFrom('--\r\n', '--', '', '--\r\ntail').map((rest) => `--${BOUNDARY}${rest}`),
    boundary: fc.oneof(
      { weight: 9, arbitrary: fc.constant(`; boundary=${BOUNDARY}`) },
      fc.constantFrom(
        '',
        '; boundary=',
        '; boundary="b',
        `; boundary=${BOUNDARY}x`,
        `; boundary=${BOUNDARY}; boundary=c`,
      ),
    ),
  })
  .map(({ parts, again, lineEnd, end, boundary }) => {
    const bytes = parts.flatMap(({ name, value, more }) => [
      bytesOf(
        `--${BOUNDARY}${lineEnd}Content-Disposition: form-data; name="${name}"${more}${lineEnd}${lineEnd}`,
      ),
      value,
      bytesOf(lineEnd),
    ])
    const repeated = value(bytes) > 20_000 ? bytes : Array(again).fill(bytes).flat()
    const type = `multipart/form-data${boundary}`
    return { type, body: joined(...repeated, bytesOf(end)) }
  })

function value(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}

/** Forms as clients make them, with any fields. */
const goodForm = fc.tuple(fields, fc.option(audio)).map(([texts, file]) => {
  const entries = Object.entries(texts).map(([name, text]) => ({
    name,
    value: bytesOf(text),
    more: '',
  }))
  const all =
    file === null ? entries : [...entries, { name: 'audio', value: file, more: '; filename="a"' }]
  const bytes = all.flatMap(({ name, value: content, more }) => [
    bytesOf(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`),
    content,
    bytesOf('\r\n'),
  ])
  return {
    type: `multipart/form-data; boundary=${BOUNDARY}`,
    body: joined(...bytes, bytesOf(`--${BOUNDARY}--\r\n`)),
  }
})

const json = fc
  .tuple(
    fc.constantFrom('application/json', 'application/json; charset=x', 'text/json'),
    fc.oneof(
      fc.tuple(fields, changes(FIELDS)).map(([tree, made]) => changedJson(tree, made)),
      hostileJson(),
      hostileText(),
    ),
  )
  .map(([type, text]) => ({ type, body: bytesOf(text) }))

const encoded = hostileText().map((text) => ({
  type: 'application/x-www-form-urlencoded',
  body: bytesOf(`user_id=a&text=${text}&${text}`),
}))

function bytesOf(text: string): Bytes {
  return new TextEncoder().encode(text)
}

/** What API clients send. */
export const LESSON_API_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'lesson-api',
    fact: 'any request to the lesson API is answered with a status and a code that are declared',
    weight: 15,
    arbitrary: fc.record({
      sent: fc.oneof(form, goodForm, json, encoded),
      headers,
      method: fc.oneof(
        { weight: 19, arbitrary: fc.constant('POST') },
        fc.constantFrom('PUT', 'HEAD2'),
      ),
    }),
    async holds({ sent, headers: { authorization, ...more }, method }, subject) {
      const product = await subject.product()
      const isKey = authorization === 'right'
      const request = new Request('https://bot.example/api/v1/lessons/process', {
        method,
        headers: {
          ...more,
          'content-type': sent.type,
          authorization: isKey ? `Bearer ${product.apiKey}` : authorization,
        },
        body: sent.body,
      })
      const response = await product.lessons(request)
      const answer = JSON.parse(await response.text())
      await product.settle()
      assert.ok(DECLARED.includes(response.status), `${response.status} ${JSON.stringify(answer)}`)
      if (method === 'POST' && !isKey) assert.equal(response.status, 401)
      if (response.status === 200) return assert.ok(Number.isInteger(answer.lesson_id))
      assert.ok(Object.hasOwn(PROBLEMS, answer.code), `code ${answer.code}`)
      assert.equal(answer.status, response.status)
    },
  }),
]

import fc from 'fast-check'
import { joinBytes } from './damaged-audio.ts'
import { type Bytes, recording } from './good-audio.ts'
import { hostileContainer, hostileOgg } from './hostile-audio.ts'
import { changes, editedJson, hostileJson } from './json.ts'
import { hostileText } from './texts.ts'

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
function mostlyRight(
  rightValues: readonly string[],
  wrongValue: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...rightValues) },
    { weight: 1, arbitrary: wrongValue },
  )
}

const fields = fc.record(
  {
    user_id: mostlyRight(['a', 'b'], hostileText(4)),
    text: mostlyRight(['Jdu do škola.', 'Привет, как дела?'], hostileText()),
    include_audio: mostlyRight(['false', 'no', '0'], fc.constantFrom('true', '2')),
    native_language: mostlyRight(['uk', 'EN-gb'], hostileText(3)),
    level: mostlyRight(['beginner', 'native'], fc.constantFrom('Beginner', '')),
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
    accept: fc.oneof(fc.constantFrom('text/event-stream', '*/*'), headerText),
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

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({
    name: fc.oneof(fc.constantFrom(...FIELDS), hostileText(3)),
    value: fc.oneof(
      hostileText(8).map(bytesOf),
      hostileText(3).map((text) =>
        bytesOf(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${text}`),
      ),
    ),
    attributes: fc.constantFrom(
      '',
      '; filename="',
      '; filename=x',
      '\r\nContent-Type: multipart/mixed',
      '\r\n\r\n',
    ),
  }),
  fc.record({
    name: fc.constant('audio'),
    value: audio,
    attributes: fc.constant('; filename="a.ogg"'),
  }),
  fields.map(({ user_id }) => ({ name: 'user_id', value: bytesOf(user_id), attributes: '' })),
)

type Part = { name: string; value: Bytes; attributes: string }

function partBytes({ name, value, attributes }: Part, lineEnd: string): Bytes {
  const disposition = `Content-Disposition: form-data; name="${name}"${attributes}`
  const begin = [`--${BOUNDARY}`, disposition, '', ''].join(lineEnd)
  return joinBytes(bytesOf(begin), value, bytesOf(lineEnd))
}

/** Above this many bytes a form is not repeated. */
const SHORT = 20_000

/** Forms as no client would make them: parts again, nested, cut off, of other boundaries and line ends. */
const oddForm = fc
  .record({
    parts: fc.array(part, { maxLength: 6 }),
    times: fc.oneof(
      { weight: 19, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.constant(2_000) },
    ),
    lineEnd: fc.oneof(
      { weight: 9, arbitrary: fc.constant('\r\n') },
      fc.constantFrom('\n', '\r', ''),
    ),
    end: fc.constantFrom('--\r\n', '--', '', '--\r\ntail').map((tail) => `--${BOUNDARY}${tail}`),
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
  .map(({ parts, times, lineEnd, end, boundary }) => {
    const body = joinBytes(...parts.map((part) => partBytes(part, lineEnd)))
    const copies = Array<Bytes>(body.length > SHORT ? 1 : times).fill(body)
    return { type: `multipart/form-data${boundary}`, body: joinBytes(...copies, bytesOf(end)) }
  })

/** Forms as clients make them, with any fields. */
const goodForm = fc.tuple(fields, fc.option(audio)).map(([texts, file]) => {
  const entries = Object.entries(texts).map(([name, text]) => ({
    name,
    value: bytesOf(text),
    attributes: '',
  }))
  const audioParts =
    file === null ? [] : [{ name: 'audio', value: file, attributes: '; filename="a"' }]
  const parts = [...entries, ...audioParts].map((part) => partBytes(part, '\r\n'))
  return {
    type: `multipart/form-data; boundary=${BOUNDARY}`,
    body: joinBytes(...parts, bytesOf(`--${BOUNDARY}--\r\n`)),
  }
})

const json = fc
  .tuple(
    fc.constantFrom('application/json', 'application/json; charset=x', 'text/json'),
    fc.oneof(
      fc.tuple(fields, changes(FIELDS)).map(([tree, edits]) => editedJson(tree, edits)),
      hostileJson(),
      hostileText(),
    ),
  )
  .map(([type, text]) => ({ type, body: bytesOf(text) }))

const urlEncodedForm = hostileText().map((text) => ({
  type: 'application/x-www-form-urlencoded',
  body: bytesOf(`user_id=a&text=${text}&${text}`),
}))

/** What may come to the lesson API; the key stands as `right` in its place. */
export const lessonApiRequest = fc.record({
  content: fc.oneof(oddForm, goodForm, json, urlEncodedForm),
  headers,
  method: fc.oneof({ weight: 19, arbitrary: fc.constant('POST') }, fc.constantFrom('PUT', 'HEAD2')),
})

function bytesOf(text: string): Bytes {
  return new TextEncoder().encode(text)
}

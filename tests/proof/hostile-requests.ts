import { gzipSync } from 'node:zlib'
import { oggPages } from '../rigs/audio-samples.ts'
import { recording } from '../rigs/fuzz/good-audio.ts'

/** The sender whose credentials a request has; a stranger has none. */
type Door = 'telegram' | 'client' | 'stranger'

type Row = {
  name: string
  path: '/webhook' | '/api/v1/lessons/process'
  from: Door
  headers: Record<string, string>
  /** The body in pieces, so that the test's process does not hold it all in memory. */
  body(): Iterable<Uint8Array>
  /** The length in bytes that a header declares; without it the body is sent in chunks. */
  declaredBytes?: number
  /** The statuses that may come; a connection broken off stands for one where the body is too big. */
  answers: readonly (number | 'broken off')[]
}

const MEGABYTE = 1_000_000
const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'multipart/form-data; boundary=of-theirs' }

function* megabytes(count: number): Iterable<Uint8Array> {
  const piece = new Uint8Array(MEGABYTE).fill(0x61)
  for (let index = 0; index < count; index += 1) yield piece
}

function* text(...parts: string[]): Iterable<Uint8Array> {
  for (const part of parts) yield new TextEncoder().encode(part)
}

function* formWithAudio(audio: Uint8Array): Iterable<Uint8Array> {
  yield* text('--of-theirs\r\nContent-Disposition: form-data; name="user_id"\r\n\r\na\r\n')
  yield* text(
    '--of-theirs\r\nContent-Disposition: form-data; name="audio"; filename="a.ogg"\r\n\r\n',
  )
  yield audio
  yield* text('\r\n--of-theirs--\r\n')
}

/** An Ogg as long as the API accepts, which declares that it plays for 100 million years. */
function lyingOgg(): Uint8Array {
  const [head, tags, sound] = oggPages(recording('1-shop')).map(({ at }) => at)
  const ogg = recording('1-shop')
  const start = ogg.slice(head, sound)
  const page = Buffer.from(ogg.slice(head, tags).fill(0, 27))
  page.writeUInt8(0, 5)
  page.writeBigInt64LE(2n ** 62n, 6)
  page.writeUInt8(0, 26)
  const pages = Array<Buffer>(140_000).fill(page.subarray(0, 27))
  return Buffer.concat([start, ...pages])
}

/** 200 MB: a fifth of a gigabyte, and as often as it is repeated that much more. */
const COMPRESSED = gzipSync(Buffer.alloc(200 * MEGABYTE, 0x20))

const distinctNames = Array.from({ length: 800_000 }, (_, at) => at.toString(36)).join('&')
const emptyParts = Array.from(
  { length: 70_000 },
  (_, at) => `--of-theirs\r\nContent-Disposition: form-data; name="${at}"\r\n\r\n\r\n`,
).join('')

/** Requests that could tie the process up, or fill its memory. */
export const HOSTILE_REQUESTS: readonly Row[] = [
  ...(['/webhook', '/api/v1/lessons/process'] as const).flatMap((path): Row[] => {
    const from = path === '/webhook' ? 'telegram' : 'client'
    const largeRequest = { path, headers: json, body: () => megabytes(100) }
    const okStatus = path === '/webhook' ? 200 : 413
    return [
      {
        ...largeRequest,
        from,
        name: '100 MB of declared length',
        declaredBytes: 100 * MEGABYTE,
        answers: [okStatus, 'broken off'],
      },
      { ...largeRequest, from, name: '100 MB in chunks', answers: [okStatus, 'broken off'] },
      { ...largeRequest, from: 'stranger', name: '100 MB in chunks', answers: [401, 'broken off'] },
    ]
  }),
  {
    name: 'a gigabyte, compressed',
    path: '/webhook',
    from: 'telegram',
    headers: { ...json, 'content-encoding': 'gzip' },
    body: () => Array<Uint8Array>(5).fill(COMPRESSED),
    answers: [200],
  },
  {
    name: 'a gigabyte, compressed',
    path: '/api/v1/lessons/process',
    from: 'client',
    headers: { ...json, 'content-encoding': 'gzip' },
    body: () => Array<Uint8Array>(5).fill(COMPRESSED),
    answers: [400],
  },
  {
    name: 'lists in lists, 250,000 levels deep',
    path: '/webhook',
    from: 'telegram',
    headers: json,
    body: () => text('['.repeat(250_000)),
    answers: [200],
  },
  {
    name: 'lists in lists, two million levels deep',
    path: '/api/v1/lessons/process',
    from: 'client',
    headers: json,
    body: () => text('{"user_id":"a","text":', '['.repeat(2_000_000), ']'.repeat(2_000_000), '}'),
    answers: [400],
  },
  {
    name: '800,000 fields of a form',
    path: '/api/v1/lessons/process',
    from: 'client',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: () => text(distinctNames),
    answers: [400],
  },
  {
    name: '70,000 parts of a form',
    path: '/api/v1/lessons/process',
    from: 'client',
    headers: form,
    body: () => text(emptyParts, '--of-theirs--\r\n'),
    answers: [400],
  },
  {
    name: 'an Ogg that lies about its length',
    path: '/api/v1/lessons/process',
    from: 'client',
    headers: form,
    body: () => formWithAudio(lyingOgg()),
    answers: [415],
  },
]

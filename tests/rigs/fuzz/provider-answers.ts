import fc from 'fast-check'
import { joinBytes } from './damaged-audio.ts'
import { recording } from './good-audio.ts'
import { hostileContainer, hostileOgg } from './hostile-audio.ts'
import { type Change, changes, editedJson, hostileJson } from './json.ts'
import { hostileText } from './texts.ts'
import { modelsText } from './tutor-targets.ts'

/** An answer's status: mostly that all is well. */
export const status = fc.oneof(
  { weight: 9, arbitrary: fc.constant(200) },
  { weight: 1, arbitrary: fc.constantFrom(201, 204, 400, 401, 404, 409, 413, 429, 500, 503, 599) },
)
export const contentType = fc.constantFrom(
  ...[
    'application/json',
    'text/event-stream',
    'text/html',
    'audio/ogg',
    'audio/pcm',
    'application/octet-stream',
  ],
)

/** A JSON answer as it should be, with changes made to it; or anything. */
function jsonLike(goodAnswer: object, keys: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: changes(keys).map((edits) => editedJson(goodAnswer, edits)) },
    { weight: 1, arbitrary: hostileJson() },
    { weight: 1, arbitrary: hostileText() },
  )
}

/** What a transcriber answers. */
export const transcription = jsonLike(
  {
    text: 'Jdu do škola.',
    languages: [{ code: 'cs' }],
    language: 'czech',
    duration: 3.2,
    usage: { type: 'tokens', seconds: 4, input_tokens: 10, output_tokens: 5 },
  },
  ['text', 'languages', 'language', 'code', 'duration', 'usage', 'error', 'seconds'],
)

const CHUNK_KEYS = [
  'choices',
  'delta',
  'content',
  'usage',
  'refusal',
  'finish_reason',
  'error',
  'index',
]
const USAGE = {
  prompt_tokens: 9,
  completion_tokens: 8,
  total_tokens: 17,
  prompt_tokens_details: { cached_tokens: 1, cache_write_tokens: 1 },
}

/** A completion's chunks, each as it should be or changed; the content in pieces of a few characters. */
export const completion = fc
  .tuple(
    modelsText,
    fc.integer({ min: 1, max: 40 }),
    fc.array(fc.tuple(fc.nat(30), changes(CHUNK_KEYS, 2)), { maxLength: 2 }),
    fc.constantFrom('data: ', 'data:', 'event: x\ndata: ', ': \ndata: ', ''),
    fc.constantFrom('data: [DONE]\n\n', '', 'data: ', 'data: {"error":{"code":"x"}}\n\n'),
  )
  .map(([content, length, chunkEdits, prefix, end]) => {
    const pieces = content.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? []
    const chunks = [
      ...pieces.map((piece) => ({
        choices: [{ index: 0, delta: { content: piece }, finish_reason: null }],
      })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null },
      { choices: [], usage: USAGE },
    ]
    const editsByChunk = new Map<number, Change[]>(
      chunkEdits.map(([at, edits]) => [at % chunks.length, edits]),
    )
    const lines = chunks.map(
      (chunk, at) => `${prefix}${editedJson(chunk, editsByChunk.get(at) ?? [])}\n\n`,
    )
    return lines.join('') + end
  })

const part = { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 }
const PCM = Buffer.alloc(96).toString('base64')
/** What is to be spoken. */
export const SENTENCE = 'Jasně, a co dál?'
const REALTIME_KEYS = [
  'type',
  'delta',
  'transcript',
  'response',
  'status',
  'usage',
  'error',
  'code',
  'status_details',
]
const EVENTS = [
  { type: 'session.created', session: {} },
  { type: 'response.output_audio.delta', ...part, delta: PCM },
  { type: 'response.output_audio_transcript.done', ...part, transcript: SENTENCE },
  {
    type: 'response.done',
    response: {
      status: 'completed',
      status_details: null,
      usage: {
        input_tokens: 5,
        output_tokens: 7,
        input_token_details: { cached_tokens: 1 },
        output_token_details: { audio_tokens: 6, text_tokens: 1 },
      },
    },
  },
] as const

/** What comes over the realtime socket: the events of a reading, some of them changed, left out or twice. */
export const socketMessages = fc
  .tuple(
    fc.oneof(fc.constant([0, 1, 2, 3]), fc.array(fc.nat(3), { maxLength: 6 })),
    fc.array(fc.tuple(fc.nat(5), changes(REALTIME_KEYS, 2)), { maxLength: 3 }),
    fc.array(
      fc.oneof(hostileText(), hostileJson(), fc.uint8Array({ maxLength: 40 }), fc.constant('null')),
      { maxLength: 1 },
    ),
    fc.nat(6),
  )
  .map(([order, eventEdits, foreign, at]) => {
    const editsByPlace = new Map<number, Change[]>(eventEdits)
    const events = order.map((index, place) =>
      editedJson(EVENTS[index] ?? {}, editsByPlace.get(place) ?? []),
    )
    return [...events.slice(0, at), ...foreign, ...events.slice(at)]
  })

/** What a speech endpoint answers. */
export const speech = fc.oneof(
  hostileOgg,
  fc.constant(recording('1-shop')),
  fc.uint8Array({ maxLength: 3_000 }).map((bytes) => joinBytes(bytes)),
  { weight: 1, arbitrary: hostileContainer },
)

/** What Telegram answers to any method. */
export const telegramAnswer = jsonLike(
  { ok: true, result: { message_id: 7, file_path: 'voice/file_1.oga', file_size: 10 } },
  [
    ...[
      'ok',
      'result',
      'message_id',
      'file_path',
      'file_size',
      'error_code',
      'description',
      'parameters',
    ],
    'retry_after',
  ],
)

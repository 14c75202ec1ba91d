import assert from 'node:assert/strict'
import fc from 'fast-check'
import { openaiTranscriber } from '../../../lib/adapters/openai-transcriber.ts'
import { openaiTutor } from '../../../lib/adapters/openai-tutor.ts'
import { realtimeSpeaker } from '../../../lib/adapters/realtime-speech.ts'
import { restSpeaker } from '../../../lib/adapters/rest-speech.ts'
import { telegramApi } from '../../../lib/adapters/telegram.ts'
import type { Usage } from '../../../lib/app/ports.ts'
import { storable } from '../../../lib/domain/storable.ts'
import { hostileContainer, hostileOgg, joined, recording } from './damaged-audio.ts'
import { type Change, changedJson, changes, hostileJson } from './json.ts'
import { type FuzzedProvider, resultOf, TOOLS } from './provider.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'
import { modelsText } from './tutor-targets.ts'

const status = fc.oneof(
  { weight: 9, arbitrary: fc.constant(200) },
  { weight: 1, arbitrary: fc.constantFrom(201, 204, 400, 401, 404, 409, 413, 429, 500, 503, 599) },
)
const contentType = fc.constantFrom(
  ...[
    'application/json',
    'text/event-stream',
    'text/html',
    'audio/ogg',
    'audio/pcm',
    'application/octet-stream',
  ],
)
const never = new AbortController().signal

/** A JSON answer as it should be, with changes made to it; or anything. */
function jsonLike(good: object, keys: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: changes(keys).map((made) => changedJson(good, made)) },
    { weight: 1, arbitrary: hostileJson() },
    { weight: 1, arbitrary: hostileText() },
  )
}

const transcription = jsonLike(
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
const completion = fc
  .tuple(
    modelsText,
    fc.integer({ min: 1, max: 40 }),
    fc.array(fc.tuple(fc.nat(30), changes(CHUNK_KEYS, 2)), { maxLength: 2 }),
    fc.constantFrom('data: ', 'data:', 'event: x\ndata: ', ': \ndata: ', ''),
    fc.constantFrom('data: [DONE]\n\n', '', 'data: ', 'data: {"error":{"code":"x"}}\n\n'),
  )
  .map(([content, length, changed, prefix, end]) => {
    const pieces = content.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? []
    const chunks = [
      ...pieces.map((piece) => ({
        choices: [{ index: 0, delta: { content: piece }, finish_reason: null }],
      })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null },
      { choices: [], usage: USAGE },
    ]
    const made = new Map<number, Change[]>(changed.map(([at, each]) => [at % chunks.length, each]))
    const lines = chunks.map(
      (chunk, at) => `${prefix}${changedJson(chunk, made.get(at) ?? [])}\n\n`,
    )
    return lines.join('') + end
  })

const part = { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 }
const PCM = Buffer.alloc(96).toString('base64')
const SPOKEN = 'Jasně, a co dál?'
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
  { type: 'response.output_audio_transcript.done', ...part, transcript: SPOKEN },
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
const socketMessages = fc
  .tuple(
    fc.oneof(fc.constant([0, 1, 2, 3]), fc.array(fc.nat(3), { maxLength: 6 })),
    fc.array(fc.tuple(fc.nat(5), changes(REALTIME_KEYS, 2)), { maxLength: 3 }),
    fc.array(
      fc.oneof(hostileText(), hostileJson(), fc.uint8Array({ maxLength: 40 }), fc.constant('null')),
      { maxLength: 1 },
    ),
    fc.nat(6),
  )
  .map(([order, changed, foreign, at]) => {
    const made = new Map<number, Change[]>(changed)
    const events = order.map((which, place) =>
      changedJson(EVENTS[which] ?? {}, made.get(place) ?? []),
    )
    return [...events.slice(0, at), ...foreign, ...events.slice(at)]
  })

const speech = fc.oneof(
  hostileOgg,
  fc.constant(recording('1-shop')),
  fc.uint8Array({ maxLength: 3_000 }).map((bytes) => joined(bytes)),
  { weight: 1, arbitrary: hostileContainer },
)

const sent = jsonLike(
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

/** What Telegram and the providers of speech and language answer. */
export const PROVIDER_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'transcription',
    fact: 'whatever a transcriber answers is a transcript that can be stored, or an error of ours',
    weight: 8,
    arbitrary: fc.record({ body: transcription, status, contentType }),
    async holds({ body, status, contentType }, subject) {
      const provider = await subject.provider()
      answerWith(provider, status, contentType, body)
      const transcriber = openaiTranscriber({
        endpoint: endpointOf(provider),
        model: 'gpt-transcribe',
        ...TOOLS,
      })
      const bytes = recording('1-shop')
      const audio = { bytes, fileName: 'voice.ogg', mimeType: 'audio/ogg', durationSeconds: 5 }
      const heard = await resultOf(transcriber.transcribe(audio, 'uk', never))
      if (heard === undefined) return
      assert.equal(storable(heard.text), heard.text)
      for (const code of heard.languages) assert.match(code, /^[a-z]{2}$/)
      assertCounted(heard.usage)
    },
  }),
  fuzzTarget({
    name: 'completion',
    fact: 'whatever a model streams is an answer whose reply was given out once, or an error of ours',
    weight: 8,
    arbitrary: fc.record({ body: completion, status, contentType }),
    async holds({ body, status, contentType }, subject) {
      const provider = await subject.provider()
      answerWith(provider, status, contentType, body)
      const tutor = openaiTutor({ endpoint: endpointOf(provider), model: 'gpt-6-luna', ...TOOLS })
      const request = {
        system: 's',
        history: [],
        said: 'Jdu.',
        correctionsOnly: 'c',
        cacheKey: 'k',
      }
      const replies: string[] = []
      const give = (reply: string) => void replies.push(reply)
      const answered = await resultOf(tutor.answer(request, give, never))
      assert.ok(replies.length <= 1)
      if (answered === undefined) return
      assert.deepEqual(replies, [answered.answer.reply])
      for (const usage of answered.usage) assertCounted(usage)
    },
  }),
  fuzzTarget({
    name: 'realtime-speech',
    fact: 'whatever comes over the socket is speech, or an error of ours',
    weight: 4,
    arbitrary: socketMessages,
    async holds(messages, subject) {
      const provider = await subject.provider()
      provider.behave({ messages })
      const speaker = realtimeSpeaker({
        ...speakerOptions(provider),
        model: 'gpt-realtime-2.1-mini',
      })
      const spoken = await resultOf(speaker.speak(SPOKEN, VOICE, never))
      if (spoken === undefined) return
      assert.ok(spoken.durationSeconds > 0 && Number.isFinite(spoken.durationSeconds))
      assertCounted(spoken.usage)
    },
  }),
  fuzzTarget({
    name: 'speech',
    fact: 'whatever a speech endpoint sends is speech, or an error of ours',
    weight: 2,
    arbitrary: fc.record({ body: speech, status, contentType }),
    async holds({ body, status, contentType }, subject) {
      const provider = await subject.provider()
      answerWith(provider, status, contentType, body)
      const speaker = restSpeaker({ ...speakerOptions(provider), model: 'gpt-4o-mini-tts' })
      const spoken = await resultOf(speaker.speak(SPOKEN, VOICE, never))
      if (spoken === undefined) return
      assert.ok(spoken.durationSeconds > 0 && Number.isFinite(spoken.durationSeconds))
      assertCounted(spoken.usage)
    },
  }),
  fuzzTarget({
    name: 'telegram-answer',
    fact: 'whatever Telegram answers is a message id, a file, or an error of ours',
    weight: 8,
    arbitrary: fc.record({ body: sent, status, contentType }),
    async holds({ body, status, contentType }, subject) {
      const provider = await subject.provider()
      answerWith(provider, status, contentType, body)
      const telegram = telegramApi({ apiRoot: provider.url, token: '1:a' }, TOOLS)
      const id = await resultOf(telegram.sendMessage(1, 'Ahoj'))
      assert.ok(id === undefined || Number.isSafeInteger(id), `message id ${id}`)
      const file = await resultOf(telegram.download('x', 1_000, never))
      if (file?.kind === 'downloaded') assert.ok(file.bytes.length <= 1_000)
      await resultOf(telegram.editMessage(1, 2, 'Ahoj'))
    },
  }),
]

const VOICE = { character: 'honzik', speedFactor: 1 } as const

function speakerOptions(provider: FuzzedProvider) {
  return {
    endpoint: endpointOf(provider),
    voices: { honzik: 'cedar', novakova: 'marin' },
    ...TOOLS,
  }
}

function endpointOf({ url }: FuzzedProvider) {
  return { apiKey: 'no-key-is-needed', baseUrl: `${url}/v1` }
}

function answerWith(
  provider: FuzzedProvider,
  status: number,
  contentType: string,
  body: string | Uint8Array,
): void {
  provider.behave({
    answer: (response) => response.writeHead(status, { 'content-type': contentType }).end(body),
  })
}

function assertCounted({ stage: _stage, model: _model, ...counts }: Usage): void {
  for (const [name, count] of Object.entries(counts)) {
    assert.ok(Number.isFinite(count) && Number(count) >= 0, `${name} ${count}`)
  }
  assert.ok(Number.isSafeInteger(counts.costMicroUsd), `${counts.costMicroUsd}`)
}

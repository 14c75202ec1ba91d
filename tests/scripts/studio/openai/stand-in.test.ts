import { OggOpusDecoder } from 'ogg-opus-decoder'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { inspectAudio } from '../../../../lib/adapters/audio/file.ts'
import {
  type Fault,
  type OpenaiStandIn,
  startOpenai,
} from '../../../../scripts/studio/openai/stand-in.ts'
import { recordings, sha256 } from '../../../../scripts/studio/openai/transcription.ts'

let standIn: OpenaiStandIn
let client: OpenAI
beforeAll(async () => {
  standIn = await startOpenai()
  client = new OpenAI({ apiKey: 'test-key', baseURL: standIn.url, maxRetries: 0 })
})
afterAll(() => standIn.stop())
beforeEach(() => {
  standIn.recover()
  standIn.requests.length = 0
})

// ---- transcription ---------------------------------------------------------------------------

async function transcribe(bytes: Uint8Array, model = 'gpt-transcribe') {
  const file = await toFile(bytes, 'voice.ogg', { type: 'audio/ogg' })
  return client.audio.transcriptions.create({ model, file, prompt: 'Doslova.' })
}

test('the recorded voice notes are small Ogg/Opus of the declared length, all audible but the silent one', async () => {
  const decoder = new OggOpusDecoder()
  await decoder.ready
  for (const { file, bytes, durationSeconds } of await recordings()) {
    expect(bytes.length).toBeLessThan(30_000)
    expect((await inspectAudio(bytes))?.durationSeconds).toBeCloseTo(durationSeconds, 2)
    const [samples = new Float32Array()] = (await decoder.decodeFile(bytes)).channelData
    const loudest = samples.reduce(
      (loudestSoFar, sample) => Math.max(loudestSoFar, Math.abs(sample)),
      0,
    )
    if (file === 'silence.ogg') expect(loudest).toBeLessThan(0.001)
    else expect(loudest).toBeGreaterThan(0.1)
  }
  decoder.free()
})

test('each recorded voice note is transcribed with its mistakes and its language', async () => {
  for (const { bytes, text, languages, durationSeconds } of await recordings()) {
    expect(await transcribe(bytes)).toEqual({
      text,
      languages: languages.map((code) => ({ code })),
      usage: { type: 'duration', seconds: Math.ceil(durationSeconds) },
    })
  }
})

test('a test sets the transcript of any bytes, and only gpt-transcribe lists the languages', async () => {
  const bytes = Buffer.from('any bytes at all')
  standIn.hears(bytes, { text: 'Dobrou noc.', languages: ['cs'] })
  expect(await transcribe(bytes)).toMatchObject({
    text: 'Dobrou noc.',
    languages: [{ code: 'cs' }],
  })
  expect(await transcribe(bytes, 'gpt-4o-mini-transcribe')).not.toHaveProperty('languages')
  expect((await transcribe(Buffer.from('others'))).text).not.toBe('')
})

test('a request is recorded with its fields and the hash of its audio, without the key', async () => {
  const bytes = Buffer.from('any bytes at all')
  const file = await toFile(bytes, 'voice.ogg', { type: 'audio/ogg' })
  await client.audio.transcriptions.create({
    model: 'gpt-transcribe',
    file,
    languages: ['cs', 'uk'],
  })
  expect(standIn.requests).toMatchObject([
    {
      stage: 'transcribe',
      path: '/audio/transcriptions',
      audioSha256: sha256(bytes),
      fields: { model: 'gpt-transcribe', languages: ['cs', 'uk'], fileName: 'voice.ogg' },
    },
  ])
  expect(JSON.stringify(standIn.requests)).not.toContain('test-key')
})

test('a request without a key gets 401', async () => {
  const response = await fetch(`${standIn.url}/models`)
  expect(response.status).toBe(401)
})

// ---- replies ---------------------------------------------------------------------------------

const text = { type: 'string' }
const corrections = {
  corrected_text: text,
  mistakes: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        original: text,
        corrected: text,
        category: { type: 'string', enum: ['case', 'gender_number', 'other'] },
        explanation_cs: text,
        explanation_native: text,
      },
    },
  },
  suggestion: text,
  new_words: {
    type: 'array',
    items: { type: 'object', properties: { czech: text, translation: text } },
  },
}

function requestFor(utterance: string, properties: object = { reply: text, ...corrections }) {
  const schema = { type: 'object', properties, required: Object.keys(properties) }
  return {
    model: 'gpt-6-luna',
    messages: [
      { role: 'system' as const, content: 'You are Honzík.\nNative language: Ukrainian (uk).' },
      { role: 'user' as const, content: utterance },
    ],
    response_format: {
      type: 'json_schema' as const,
      json_schema: { name: 'lesson', strict: true, schema },
    },
  }
}

async function streamReply(utterance: string) {
  const stream = await client.chat.completions.create({
    ...requestFor(utterance),
    stream: true,
    stream_options: { include_usage: true },
  })
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return {
    content: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
    refusal: chunks.map(({ choices }) => choices[0]?.delta.refusal ?? '').join(''),
    pieces: chunks.length,
    finish: chunks.findLast(({ choices }) => choices.length > 0)?.choices[0]?.finish_reason,
    usage: chunks.at(-1)?.usage,
  }
}

test('a completion streams in small pieces, in the order of the schema, with usage at the end', async () => {
  const { content, pieces, finish, usage } = await streamReply('Já bydlím v Praha už dva roky.')
  expect(content).toMatch(/^\{"reply":"/)
  expect(JSON.parse(content)).toMatchObject({
    corrected_text: 'Já bydlím v Praze už dva roky.',
    mistakes: [
      {
        original: 'v Praha',
        corrected: 'v Praze',
        category: 'case',
        explanation_native: expect.stringContaining('місцевий відмінок'),
      },
    ],
  })
  expect(Object.keys(JSON.parse(content))).toEqual(['reply', ...Object.keys(corrections)])
  expect(pieces).toBeGreaterThan(50)
  expect(finish).toBe('stop')
  expect(usage?.completion_tokens).toBeGreaterThan(50)
})

test('the three recorded Czech sentences are corrected, each mistake at its words', async () => {
  for (const { text: utterance } of (await recordings()).slice(0, 3)) {
    const answer = JSON.parse((await streamReply(utterance)).content)
    expect(answer.mistakes).not.toEqual([])
    for (const { original, corrected: correction } of answer.mistakes) {
      expect(utterance).toContain(original)
      expect(answer.corrected_text).toContain(correction)
    }
    expect(answer.reply.match(/\?/g)).toHaveLength(1)
  }
})

test('a schema without a reply gets the corrections alone', async () => {
  const completion = await client.chat.completions.create(
    requestFor('Včera jsem šel do obchod a koupil jsem chleba.', corrections),
  )
  const answer = JSON.parse(completion.choices[0]?.message.content ?? '')
  expect(Object.keys(answer)).toEqual(Object.keys(corrections))
  expect(answer.mistakes[0].corrected).toBe('do obchodu')
})

test('the reply to an unknown sentence repeats it and asks on, without a correction', async () => {
  const answer = JSON.parse((await streamReply('Mám nového psa.')).content)
  expect(answer).toMatchObject({ corrected_text: 'Mám nového psa.', mistakes: [] })
  expect(answer.reply).toContain('Mám nového psa')
  expect(answer.reply).toMatch(/\?$/)
})

test('an answer can break after its reply, which stays whole', async () => {
  const utterance = 'Mám nového psa.'
  const { reply } = JSON.parse((await streamReply(utterance)).content)
  for (const kind of ['invalid-json', 'schema-violated', 'truncated'] as const) {
    standIn.failNext('reply', { kind })
    const { content, finish } = await streamReply(utterance)
    expect(content).toContain(JSON.stringify(reply))
    expect(finish).toBe(kind === 'truncated' ? 'length' : 'stop')
    if (kind === 'schema-violated') expect(JSON.parse(content)).not.toHaveProperty('corrected_text')
    else expect(() => JSON.parse(content)).toThrow()
  }
})

test('an answer can be refused, filtered or cut off in the middle', async () => {
  standIn.failNext('reply', { kind: 'refusal' })
  expect(await streamReply('Ahoj')).toMatchObject({
    content: '',
    refusal: expect.stringMatching(/./),
  })
  standIn.failNext('reply', { kind: 'content-filter' })
  expect((await streamReply('Ahoj')).finish).toBe('content_filter')
  standIn.failNext('reply', { kind: 'reset' })
  const brokenReply = await streamReply('Ahoj').catch(() => undefined)
  expect(brokenReply?.finish ?? null).toBeNull()
  expect(standIn.count('reply')).toBe(3)
})

// ---- speech ----------------------------------------------------------------------------------

test('speech has the same length in each format, and a greater one at a lower speed', async () => {
  const say = async (format: 'opus' | 'wav' | 'pcm', speed = 1) => {
    const input = 'Dobrý den!'
    const request = { model: 'tts-1', voice: 'marin', input, response_format: format, speed }
    return new Uint8Array(await (await client.audio.speech.create(request)).arrayBuffer())
  }
  const opus = await inspectAudio(await say('opus'))
  const wav = await inspectAudio(await say('wav'))
  const slowSpeech = await inspectAudio(await say('opus', 0.6))
  expect(opus).toMatchObject({ format: 'ogg', codec: 'opus' })
  expect(wav?.durationSeconds).toBeCloseTo(opus?.durationSeconds ?? 0, 2)
  expect(slowSpeech?.durationSeconds).toBeGreaterThan((opus?.durationSeconds ?? 0) * 1.2)
  const pcm = await say('pcm')
  expect(pcm.length / 48_000).toBeCloseTo(opus?.durationSeconds ?? 0, 2)
})

function connect(headers: Record<string, string> = { authorization: 'Bearer test-key' }) {
  const url = standIn.url.replace('http', 'ws')
  return new WebSocket(`${url}/realtime?model=gpt-realtime-2.1-mini`, { headers })
}

test('the realtime socket speaks the generally available protocol and no beta', async () => {
  const types: string[] = []
  const socket = connect()
  const lastEvent = new Promise<{ response: { status: string } }>((resolve) => {
    socket.on('message', (data) => {
      const event = JSON.parse(String(data))
      if (types.at(-1) !== event.type) types.push(event.type)
      if (event.type === 'response.done') resolve(event)
    })
  })
  socket.on('open', () => {
    const session = { type: 'realtime', audio: { output: { voice: 'cedar', speed: 1.2 } } }
    const content = [{ type: 'input_text', text: 'Ahoj!' }]
    const item = { type: 'message', role: 'user', content }
    socket.send(JSON.stringify({ type: 'session.update', session }))
    socket.send(JSON.stringify({ type: 'conversation.item.create', item }))
    socket.send(JSON.stringify({ type: 'response.create' }))
  })
  expect((await lastEvent).response.status).toBe('completed')
  socket.close()
  expect(types).toEqual([
    'session.created',
    'session.updated',
    'conversation.item.added',
    'response.created',
    'response.output_audio.delta',
    'response.output_audio_transcript.delta',
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.done',
  ])
  const beta = connect({ authorization: 'Bearer test-key', 'openai-beta': 'realtime=v1' })
  const failure = new Promise((resolve) => beta.on('error', resolve))
  expect(String(await failure)).toContain('400')
})

// ---- faults and models -----------------------------------------------------------------------

test.each<[Fault, number, string | null]>([
  [{ kind: 'rate-limited', retryAfterSeconds: 7 }, 429, 'rate_limit_exceeded'],
  [{ kind: 'rate-limited' }, 429, 'rate_limit_exceeded'],
  [{ kind: 'quota-exhausted' }, 429, 'insufficient_quota'],
  [{ kind: 'server-error' }, 500, null],
])('the fault %o meets one request of its stage', async (fault, status, code) => {
  standIn.failNext('reply', fault)
  const retryAfter = fault.kind === 'rate-limited' ? fault.retryAfterSeconds : undefined
  const error: unknown = await streamReply('Ahoj').catch((error: unknown) => error)
  expect(error).toBeInstanceOf(OpenAI.APIError)
  expect(error).toMatchObject({ status, code })
  const header = error instanceof OpenAI.APIError ? error.headers?.get('retry-after') : undefined
  expect(header ?? undefined).toBe(retryAfter === undefined ? undefined : String(retryAfter))
  expect((await streamReply('Ahoj')).finish).toBe('stop')
})

test('an exhausted quota lasts until the stand-in recovers', async () => {
  standIn.failAll('transcribe', { kind: 'quota-exhausted' })
  for (let call = 0; call < 3; call += 1) {
    await expect(transcribe(Buffer.from('x'))).rejects.toMatchObject({ code: 'insufficient_quota' })
  }
  standIn.recover()
  expect((await transcribe(Buffer.from('x'))).text).not.toBe('')
  expect(standIn.count('transcribe')).toBe(4)
})

test('models carry the day on which they shut down', async () => {
  const models = (await client.models.list()).data
  const shutdown = Object.fromEntries(models.map((model) => [model.id, model.shutdown_date]))
  expect(shutdown).toMatchObject({ 'gpt-transcribe': null, 'gpt-4o-mini-tts': '2027-01-06' })
})

test('a latency delays the first token and each one after it', async () => {
  const slowProvider = await startOpenai({ latency: { firstTokenMs: 60, tokensPerSecond: 2_000 } })
  const request = { ...requestFor('Ahoj'), stream: true as const }
  const startedAt = performance.now()
  const patient = new OpenAI({ apiKey: 'test-key', baseURL: slowProvider.url, maxRetries: 0 })
  for await (const chunk of await patient.chat.completions.create(request)) {
    expect(chunk.object).toBe('chat.completion.chunk')
    expect(performance.now() - startedAt).toBeGreaterThan(50)
  }
  await slowProvider.stop()
})

test('a timeline records when a request came, when each token of its stream went out, and when it ended', async () => {
  await transcribe(Buffer.from('any bytes at all'))
  const request = { ...requestFor('Ahoj'), stream: true as const }
  let content = ''
  for await (const chunk of await client.chat.completions.create(request)) {
    content += chunk.choices[0]?.delta.content ?? ''
  }
  const speechRequest = { model: 'gpt-4o-mini-tts', voice: 'cedar', input: 'Ahoj!' }
  await (
    await client.audio.speech.create({ ...speechRequest, response_format: 'pcm' })
  ).arrayBuffer()

  const [transcription, reply, speech] = standIn.requests.map(({ timeline }) => timeline)
  expect(reply?.tokens.map(({ text }) => text).join('')).toBe(content)
  expect(reply?.tokens.length).toBeGreaterThan(5)
  expect(speech?.audioSeconds).toBeGreaterThan(0.2)
  const moments = [transcription, reply, speech].flatMap((timeline) => [
    timeline?.at,
    ...(timeline?.tokens.map(({ at }) => at) ?? []),
    timeline?.endAt,
  ])
  expect(moments).not.toContain(undefined)
  expect(moments).toEqual(moments.toSorted((first = 0, second = 0) => first - second))
})

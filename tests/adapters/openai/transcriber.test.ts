import { expect, test } from 'vitest'
import { languageCode, openaiTranscriber } from '../../../lib/adapters/openai/transcriber.ts'
import { volatileTraits } from '../../../lib/adapters/openai/vendor-traits.ts'
import { paidWork } from '../../support/paid-work.ts'
import { recording } from '../../support/product.ts'
import {
  json,
  rememberingLog,
  type Script,
  scriptedProvider,
} from '../../support/scripted-provider.ts'

const AUDIO = {
  bytes: new TextEncoder().encode('OggS a voice note'),
  fileName: 'voice.ogg',
  mimeType: 'audio/ogg',
  durationSeconds: 8,
}

function transcriber(
  endpoint: { apiKey: string; baseUrl: string },
  model = 'gpt-transcribe',
  log = rememberingLog(),
) {
  const traits = volatileTraits(() => new Date(), log)
  return openaiTranscriber({ endpoint, model, traits, log, sleep: async () => {}, random: () => 0 })
}

/** The fields of a multipart body, in the order they came; files as their name and type. */
function fields(body: Buffer): string[] {
  return [
    ...body
      .toString()
      .matchAll(
        /name="([^"]+)"(?:; filename="([^"]+)")?\r\n(?:Content-Type: (.+)\r\n)?\r\n(.*)\r\n/g,
      ),
  ].map(([, name, fileName, type, value]) =>
    fileName === undefined ? `${name}=${value}` : `${name}=${fileName} ${type} ${value}`,
  )
}

test('gpt-transcribe gets Czech and the native language, and a prompt to keep the mistakes', async () => {
  await using provider = await scriptedProvider(
    json({ text: ' Já být v kino.\u0000 ', languages: [{ code: 'cs' }, { code: 'ru' }] }),
  )
  const work = paidWork()
  const transcript = await transcriber(provider.endpoint).transcribe(AUDIO, 'ru', work)
  expect(transcript).toEqual({
    text: 'Já být v kino.',
    languages: ['cs', 'ru'],
    unsureWords: [],
  })
  expect(work.charges).toEqual([
    {
      stage: 'transcribe',
      vendor: new URL(provider.endpoint.baseUrl).host,
      model: 'gpt-transcribe',
      audioInSeconds: 8,
      costMicroUsd: 600,
      isEstimate: false,
    },
  ])
  expect(provider.received[0]?.path).toBe('/v1/audio/transcriptions')
  const sentFields = fields(provider.received[0]?.body ?? Buffer.of())
  expect(sentFields).toContain('file=voice.ogg audio/ogg OggS a voice note')
  expect(sentFields.filter((field) => field.startsWith('languages'))).toEqual([
    'languages[]=cs',
    'languages[]=ru',
  ])
  expect(sentFields.find((field) => field.startsWith('prompt='))).toContain('Nic neopravuj')
})

test('whisper gets one language and names the one it recognised', async () => {
  await using provider = await scriptedProvider(
    json({ text: 'Привет', language: 'russian', duration: 3.5 }),
  )
  const work = paidWork()
  const transcript = await transcriber(provider.endpoint, 'whisper-1').transcribe(AUDIO, 'ru', work)
  expect(transcript.languages).toEqual(['ru'])
  expect(work.charges).toMatchObject([{ audioInSeconds: 3.5, costMicroUsd: 350 }])
  const sentFields = fields(provider.received[0]?.body ?? Buffer.of())
  expect(sentFields).toEqual(
    expect.arrayContaining(['language=cs', 'response_format=verbose_json']),
  )
  expect(sentFields.join()).not.toContain('prompt=')
})

/** Pieces of a text, each with its logprob, as OpenAI sends them. */
const pieces = (...list: [string, number][]) =>
  list.map(([token, logprob]) => ({ token, logprob, bytes: [...Buffer.from(token)] }))

test('gpt-4o-transcribe is asked how sure it is, and words below the limit are unsure', async () => {
  await using provider = await scriptedProvider(
    json({
      text: 'Byl jsem v kinu, šel domů.',
      logprobs: pieces(
        ['Byl', -0.01],
        [' jsem', -0.1],
        [' v', -0.05],
        [' ki', -2.1],
        ['nu', -1.8],
        [',', -0.9],
        [' šel', -1.2],
        [' domů', -1.5],
        ['.', -0.3],
      ),
      usage: { type: 'tokens', input_tokens: 40, output_tokens: 9 },
    }),
  )
  const transcript = await transcriber(provider.endpoint, 'gpt-4o-transcribe').transcribe(
    AUDIO,
    'ru',
    paidWork(),
  )
  expect(transcript).toMatchObject({ text: 'Byl jsem v kinu, šel domů.', unsureWords: [] })
  expect(fields(provider.received[0]?.body ?? Buffer.of())).toEqual(
    expect.arrayContaining(['response_format=json', 'include[]=logprobs']),
  )
})

test.each([
  ['a word of one piece', pieces(['Jdu', -0.1], [' do', -0.1], [' kinka', -1.7]), ['kinka']],
  ['a word of two pieces, by their mean', pieces([' ki', -3], ['nka', -1]), ['kinka']],
  ['a word whose pieces are sure on the whole', pieces([' ki', -3], ['nka', -0.1]), []],
  [
    'a letter in two pieces',
    [
      { token: '\\xc5', logprob: -2, bytes: [0xc5] },
      { token: '\\xa1', logprob: -2, bytes: [0xa1] },
      { token: 'el', logprob: -2, bytes: [0x65, 0x6c] },
    ],
    ['šel'],
  ],
  ['pieces without their bytes', [{ token: ' kinka', logprob: -2 }], ['kinka']],
  ['nonsense among the pieces', [null, { token: 'a' }, ...pieces([' kinka', -2])], ['kinka']],
  ['no list', 'none', []],
])('logprobs tell which words are unsure: %s', async (_name, logprobs, unsureWords) => {
  await using provider = await scriptedProvider(json({ text: 'Jdu do kinka', logprobs }))
  const hears = transcriber(provider.endpoint, 'gpt-4o-mini-transcribe')
  expect(await hears.transcribe(AUDIO, 'ru', paidWork())).toMatchObject({ unsureWords })
})

test('of whisper, the words of a failed segment are unsure, and those of which a server says so', async () => {
  await using provider = await scriptedProvider(
    json({
      text: 'Dobrý den. Krchta bota. Jdu domů.',
      segments: [
        { text: ' Dobrý den.', avg_logprob: -0.2 },
        { text: ' Krchta bota.', avg_logprob: -1.3 },
        { text: ' Jdu domů.', words: [{ word: ' Jdu', probability: 0.1 }] },
      ],
      words: [{ word: 'den', probability: 0.15, start: 0, end: 1 }, { word: 'domů' }],
    }),
  )
  const transcript = await transcriber(provider.endpoint, 'whisper-1').transcribe(
    AUDIO,
    'ru',
    paidWork(),
  )
  expect(transcript.unsureWords?.toSorted()).toEqual(['bota', 'den', 'jdu', 'krchta'])
  // The times of words would take the server longer.
  expect(fields(provider.received[0]?.body ?? Buffer.of()).join()).not.toContain('granularit')
})

test('a gateway that refuses to say how sure it is transcribes without it, and is not asked again', async () => {
  const refusal = { error: { message: "Unsupported parameter: 'include'", param: 'include' } }
  await using provider = await scriptedProvider(
    json(refusal, 400),
    json({ text: 'Ahoj' }),
    json({ text: 'Ahoj' }),
  )
  const log = rememberingLog()
  const hears = transcriber(provider.endpoint, 'openai/gpt-4o-transcribe', log)
  for (let note = 0; note < 2; note += 1)
    expect(await hears.transcribe(AUDIO, 'ru', paidWork())).toMatchObject({
      text: 'Ahoj',
      unsureWords: [],
    })
  const includesLogprobs = provider.received.map(({ body }) =>
    fields(body).includes('include[]=logprobs'),
  )
  expect(includesLogprobs).toEqual([true, false, false])
  expect(log.lines).toMatchObject([
    { event: 'vendor_request_lowered', fields: { refused: 'include' } },
  ])
})

test.each(['gpt-transcribe', 'gpt-4o-transcribe-diarize', 'whisper-1', 'scribe'])(
  '%s is not asked how sure it is of each piece',
  async (model) => {
    await using provider = await scriptedProvider(json({ text: 'Ahoj' }))
    await transcriber(provider.endpoint, model).transcribe(AUDIO, 'ru', paidWork())
    expect(fields(provider.received[0]?.body ?? Buffer.of()).join()).not.toContain('include')
  },
)

test('another vendor answers with text alone, or with usage in tokens', async () => {
  await using provider = await scriptedProvider(
    json({ text: 'Ahoj', usage: { type: 'tokens', input_tokens: 40, output_tokens: 5 } }),
    json({ text: 'Ahoj', languages: 'cs', usage: 'little' }),
  )
  const vendor = transcriber(provider.endpoint, 'scribe')
  const work = paidWork()
  const firstTranscript = await vendor.transcribe(AUDIO, 'uk', work)
  const secondTranscript = await vendor.transcribe(AUDIO, 'uk', work)
  expect(firstTranscript).toMatchObject({ languages: [] })
  expect(secondTranscript).toMatchObject({ text: 'Ahoj', languages: [] })
  // The model has no known price.
  expect(work.charges).toMatchObject([
    { inputTokens: 40, outputTokens: 5, costMicroUsd: null, isEstimate: true },
    { costMicroUsd: null, isEstimate: true },
  ])
})

test('a vendor that reports no seconds at all is paid for the length of the recording', async () => {
  await using provider = await scriptedProvider(
    json({ text: 'Ahoj', duration: 0, usage: { type: 'duration', seconds: 0 } }),
  )
  const work = paidWork()
  await transcriber(provider.endpoint).transcribe(AUDIO, 'uk', work)
  expect(work.charges).toMatchObject([{ audioInSeconds: AUDIO.durationSeconds }])
})

test('a transcript that repeats the prompt is silence', async () => {
  await using provider = await scriptedProvider(
    json({ text: 'Doslovný přepis řeči cizince, který se učí česky.' }),
    json({ text: 'Nic neopravuj.' }),
  )
  const hears = transcriber(provider.endpoint)
  expect((await hears.transcribe(AUDIO, 'ru', paidWork())).text).toBe('')
  expect((await hears.transcribe(AUDIO, 'ru', paidWork())).text).toBe('Nic neopravuj.')
})

test('a provider that is overloaded for a moment is asked again', async () => {
  await using provider = await scriptedProvider(
    json({ error: { code: 'server_error' } }, 503),
    json({ text: 'Ahoj' }),
  )
  const transcript = await transcriber(provider.endpoint).transcribe(AUDIO, 'ru', paidWork())
  expect(transcript.text).toBe('Ahoj')
  expect(provider.received).toHaveLength(2)
})

test('an answer without text is a failure of the provider', async () => {
  await using provider = await scriptedProvider(...Array(4).fill(json({ language: 'cs' })))
  const outcome = transcriber(provider.endpoint).transcribe(AUDIO, 'ru', paidWork())
  await expect(outcome).rejects.toMatchObject({ code: 'provider-failed' })
})

test('an exhausted quota fails at once', async () => {
  await using provider = await scriptedProvider(
    json({ error: { code: 'insufficient_quota' } }, 429),
  )
  const outcome = transcriber(provider.endpoint).transcribe(AUDIO, 'ru', paidWork())
  await expect(outcome).rejects.toMatchObject({ code: 'provider-quota-exhausted' })
  expect(provider.received).toHaveLength(1)
})

test.each([
  ['czech', 'cs'],
  ['Ukrainian', 'uk'],
  ['cs', 'cs'],
  ['ces', 'cs'],
  ['pt-BR', 'pt'],
  ['zh_Hans', 'zh'],
  ['myanmar', 'my'],
  ['yue', undefined],
  ['klingon', undefined],
  ['', undefined],
  ['e', undefined],
  ['__proto__', undefined],
  ['constructor', undefined],
])('the language %s is %s', (label, code) => {
  expect(languageCode(label)).toBe(code)
})

const text = (body: string, contentType = 'text/plain'): Script => {
  return (response) => response.writeHead(200, { 'content-type': contentType }).end(body)
}

test.each([
  ['plain text', text(' Jdu do školy.\n')],
  ['JSON that is called text', text('{"text": "Jdu do školy."}')],
  ['JSON without a type', text('{"text": "Jdu do školy."}', 'application/octet-stream')],
])('a transcript is read where it comes as %s', async (_, script) => {
  await using provider = await scriptedProvider(script)
  const transcript = await transcriber(provider.endpoint).transcribe(AUDIO, 'ru', paidWork())
  expect(transcript.text).toBe('Jdu do školy.')
})

test('a page of a proxy is no transcript', async () => {
  const page = text('<html><body>Sign in</body></html>', 'text/html')
  await using provider = await scriptedProvider(...Array<Script>(4).fill(page))
  const outcome = transcriber(provider.endpoint).transcribe(AUDIO, 'ru', paidWork())
  await expect(outcome).rejects.toMatchObject({ code: 'provider-failed' })
})

const rejection = (message: string, status = 400) => json({ error: { message } }, status)
const VOICE_NOTE = { ...AUDIO, bytes: recording('1-shop') }

test.each([
  'Unsupported file format ogg. Supported: wav, mp3',
  'Invalid audio file: cannot decode',
  'Audio file might be corrupted or unsupported',
])(
  'a good recording that a vendor refuses (%s) goes to it as WAV, once and for all',
  async (message) => {
    await using provider = await scriptedProvider(
      rejection(message),
      json({ text: 'Ahoj' }),
      json({ text: 'Ahoj' }),
    )
    const log = rememberingLog()
    const hears = transcriber(provider.endpoint, 'any-model', log)
    expect((await hears.transcribe(VOICE_NOTE, 'ru', paidWork())).text).toBe('Ahoj')
    expect((await hears.transcribe(VOICE_NOTE, 'ru', paidWork())).text).toBe('Ahoj')
    const types = provider.received.map(
      ({ body }) => /filename="([^"]+)"/.exec(body.toString())?.[1],
    )
    expect(types).toEqual(['voice.ogg', 'voice.wav', 'voice.wav'])
    expect(log.lines.map(({ event }) => event)).toEqual(['vendor_request_lowered'])
    expect(log.lines[0]?.fields).toMatchObject({ refused: 'file=ogg', host: expect.any(String) })
  },
)

test('a good recording that a vendor refuses as WAV, too, is the vendor’s fault, and its reason is logged', async () => {
  const message = 'Could not process audio file'
  await using provider = await scriptedProvider(rejection(message), rejection(message))
  const log = rememberingLog()
  const outcome = transcriber(provider.endpoint, 'any-model', log).transcribe(
    VOICE_NOTE,
    'ru',
    paidWork(),
  )
  await expect(outcome).rejects.toMatchObject({ code: 'provider-rejected' })
  expect(log.lines).toMatchObject([
    {
      event: 'vendor_refused',
      fields: { status: 400, reason: expect.stringContaining('audio file') },
    },
  ])
})

test('a recording that cannot be played is the learner’s to make again', async () => {
  await using provider = await scriptedProvider(rejection('Invalid file format.'))
  const outcome = transcriber(provider.endpoint).transcribe(AUDIO, 'ru', paidWork())
  await expect(outcome).rejects.toMatchObject({ code: 'audio-rejected' })
})

test.each([
  [
    'too short a recording',
    VOICE_NOTE,
    'Audio file is too short. Minimum audio length is 0.1 seconds.',
    'audio-rejected',
  ],
  [
    'a damaged one',
    { ...AUDIO, mimeType: 'audio/mpeg' },
    'The audio file could not be decoded',
    'audio-rejected',
  ],
  [
    'a format that the vendor lacks',
    { ...AUDIO, mimeType: 'audio/webm' },
    'Unsupported file format',
    'provider-rejected',
  ],
])('%s is told from what the vendor cannot do', async (_, audio, message, code) => {
  await using provider = await scriptedProvider(...Array(4).fill(rejection(message)))
  const outcome = transcriber(provider.endpoint).transcribe(audio, 'ru', paidWork())
  await expect(outcome).rejects.toMatchObject({ code })
})

test('an error with status 200 is a refusal', async () => {
  await using provider = await scriptedProvider(
    json({ error: 'failed to read audio data' }),
    json({ text: 'Ahoj' }),
  )
  const transcript = await transcriber(provider.endpoint).transcribe(VOICE_NOTE, 'ru', paidWork())
  expect(transcript.text).toBe('Ahoj')
})

test('a whisper that has no verbose JSON is asked for JSON, then for text', async () => {
  await using provider = await scriptedProvider(
    rejection('Currently only support response_format `text` or `json`'),
    rejection("response_format 'json' is not supported", 422),
    text('Ahoj'),
    text('Ahoj'),
  )
  const hears = transcriber(provider.endpoint, 'openai/whisper-small')
  expect((await hears.transcribe(AUDIO, 'ru', paidWork())).text).toBe('Ahoj')
  await hears.transcribe(AUDIO, 'ru', paidWork())
  const formats = provider.received.map(({ body }) =>
    fields(body).find((field) => field.startsWith('response_format')),
  )
  expect(formats).toEqual(
    ['verbose_json', 'json', 'text', 'text'].map((format) => `response_format=${format}`),
  )
})

import { expect, test } from 'vitest'
import { languageCode, openaiTranscriber } from '../../../lib/adapters/openai/transcriber.ts'
import { volatileTraits } from '../../../lib/adapters/openai/vendor-traits.ts'
import { json, rememberingLog, scriptedProvider } from '../../support/scripted-provider.ts'

const AUDIO = {
  bytes: new TextEncoder().encode('OggS a voice note'),
  fileName: 'voice.ogg',
  mimeType: 'audio/ogg',
  durationSeconds: 8,
}
const SIGNAL = new AbortController().signal

function transcriber(endpoint: { apiKey: string; baseUrl: string }, model = 'gpt-transcribe') {
  const log = rememberingLog()
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
  const transcript = await transcriber(provider.endpoint).transcribe(AUDIO, 'ru', SIGNAL)
  expect(transcript).toEqual({
    text: 'Já být v kino.',
    languages: ['cs', 'ru'],
    usage: { stage: 'transcribe', model: 'gpt-transcribe', audioSeconds: 8, costMicroUsd: 600 },
  })
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
  const transcript = await transcriber(provider.endpoint, 'whisper-1').transcribe(
    AUDIO,
    'ru',
    SIGNAL,
  )
  expect(transcript.languages).toEqual(['ru'])
  expect(transcript.usage).toMatchObject({ audioSeconds: 3.5, costMicroUsd: 350 })
  const sentFields = fields(provider.received[0]?.body ?? Buffer.of())
  expect(sentFields).toEqual(
    expect.arrayContaining(['language=cs', 'response_format=verbose_json']),
  )
  expect(sentFields.join()).not.toContain('prompt=')
})

test('another vendor answers with text alone, or with usage in tokens', async () => {
  await using provider = await scriptedProvider(
    json({ text: 'Ahoj', usage: { type: 'tokens', input_tokens: 40, output_tokens: 5 } }),
    json({ text: 'Ahoj', languages: 'cs', usage: 'little' }),
  )
  const vendor = transcriber(provider.endpoint, 'scribe')
  const first = await vendor.transcribe(AUDIO, 'uk', SIGNAL)
  const second = await vendor.transcribe(AUDIO, 'uk', SIGNAL)
  expect(first).toMatchObject({ languages: [], usage: { inputTokens: 40, outputTokens: 5 } })
  expect(second).toMatchObject({ text: 'Ahoj', languages: [], usage: { costMicroUsd: 0 } })
})

test('a transcript that repeats the prompt is silence', async () => {
  await using provider = await scriptedProvider(
    json({ text: 'Doslovný přepis řeči cizince, který se učí česky.' }),
    json({ text: 'Nic neopravuj.' }),
  )
  const hears = transcriber(provider.endpoint)
  expect((await hears.transcribe(AUDIO, 'ru', SIGNAL)).text).toBe('')
  expect((await hears.transcribe(AUDIO, 'ru', SIGNAL)).text).toBe('Nic neopravuj.')
})

test('a provider that is overloaded for a moment is asked again', async () => {
  await using provider = await scriptedProvider(
    json({ error: { code: 'server_error' } }, 503),
    json({ text: 'Ahoj' }),
  )
  const transcript = await transcriber(provider.endpoint).transcribe(AUDIO, 'ru', SIGNAL)
  expect(transcript.text).toBe('Ahoj')
  expect(provider.received).toHaveLength(2)
})

test('an answer without text is a failure of the provider', async () => {
  await using provider = await scriptedProvider(...Array(4).fill(json({ language: 'cs' })))
  const outcome = transcriber(provider.endpoint).transcribe(AUDIO, 'ru', SIGNAL)
  await expect(outcome).rejects.toMatchObject({ code: 'provider-failed' })
})

test('an exhausted quota fails at once', async () => {
  await using provider = await scriptedProvider(
    json({ error: { code: 'insufficient_quota' } }, 429),
  )
  const outcome = transcriber(provider.endpoint).transcribe(AUDIO, 'ru', SIGNAL)
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

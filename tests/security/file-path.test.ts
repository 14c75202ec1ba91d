import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type AskedStage,
  type AskedStages,
  neighbourHealth,
} from '../../lib/adapters/neighbour-health.ts'
import type { Endpoint } from '../../lib/adapters/openai/client.ts'
import { speakerFor } from '../../lib/adapters/openai/speech/speaker.ts'
import { openaiTranscriber } from '../../lib/adapters/openai/transcriber.ts'
import { openaiTutor } from '../../lib/adapters/openai/tutor.ts'
import { volatileTraits } from '../../lib/adapters/openai/vendor-traits.ts'
import { telegramApi } from '../../lib/adapters/telegram/api.ts'
import { telegramCalls } from '../../lib/adapters/telegram/call.ts'
import { NO_CACHE } from '../../lib/app/cache.ts'
import { AppError } from '../../lib/app/error.ts'
import { paidWork } from '../support/paid-work.ts'
import { recording } from '../support/product.ts'
import {
  json,
  rememberingLog,
  type Script,
  scriptedProvider,
} from '../support/scripted-provider.ts'

const TOKEN = '12345:token-of-a-test'
const NEVER = new AbortController().signal
const log = rememberingLog()
const traits = volatileTraits(() => new Date(), log)
const now = () => new Date()
const tools = { log, traits, now, sleep: async () => {}, random: () => 0 }

/** A server that is not in the configuration, and must get no request. */
let elsewhere: Awaited<ReturnType<typeof scriptedProvider>>
beforeEach(async () => {
  elsewhere = await scriptedProvider()
})
afterEach(async () => {
  await elsewhere[Symbol.asyncDispose]()
})

const rootOf = ({ baseUrl }: Endpoint) => new URL(baseUrl).origin
const telegram = (endpoint: Endpoint) =>
  telegramApi({ apiRoot: rootOf(endpoint), token: TOKEN }, tools)

describe('a file path of Telegram’s that could lead elsewhere', () => {
  test.each([
    '../../etc/passwd',
    'voice/../../../bot12345/getMe',
    'voice/..',
    '..',
    '.',
    '',
    '/',
    '//',
    '//HOST/x',
    'voice//HOST',
    '/etc/passwd',
    '/etc/voice/passwd',
    '/srv/../etc/voice/file_1.oga',
    '//HOST/voice/file_1.oga',
    'http://HOST/x',
    'HTTPS://HOST/x',
    'http:HOST',
    'file:///etc/passwd',
    'data:audio/ogg,OggS',
    '\\\\HOST\\x',
    'voice\\..\\..\\x',
    '@HOST/x',
    ':80@HOST/x',
    'voice/%2e%2e/%2e%2e/x',
    '%2e%2e/x',
    'voice/%2f%2fHOST',
    '%00',
    'voice/file_1.oga?x=1',
    '?x',
    'voice/file_1.oga#x',
    'voice/file 1.oga',
    ' voice/file_1.oga',
    'voice/file\n1.oga',
    'voice/file_1.oga\n',
    'voice/x HTTP/1.1\r\nHost: HOST\r\n\r\nGET /x',
    'voice/\u0000x',
    // Dots and slashes of other alphabets, which become ours where someone normalises.
    '\uff0e\uff0e/x',
    '\u2024\u2024/x',
    'voice/\u2025/x',
    'voice/\u2215\u2215HOST',
    'voice/file_1\u202eago.oga',
  ])('a file path of Telegram’s that leads elsewhere is not followed: %j', async (path) => {
    const { host } = new URL(elsewhere.endpoint.baseUrl)
    const result = { file_id: 'f', file_size: 9, file_path: path.replaceAll('HOST', host) }
    const bytes: Script = (response) => response.writeHead(200).end('OggS voice')
    const namedFile = json({ ok: true, result })
    await using server = await scriptedProvider(namedFile, namedFile, bytes)
    const download = await telegram(server.endpoint).download('f', 1_000, NEVER)
    expect(download).toEqual({ kind: 'voice-expired' })
    const getFile = `/bot${TOKEN}/getFile`
    expect(server.received.map((request) => request.path)).toEqual([getFile, getFile])
    expect(elsewhere.connections()).toBe(0)
  })

  test('a file path in Telegram’s own form is fetched from our bot’s files', async () => {
    const result = { file_id: 'f', file_path: 'voice/file_1.oga' }
    const bytes: Script = (response) => response.writeHead(200).end('OggS voice')
    await using server = await scriptedProvider(json({ ok: true, result }), bytes)
    const download = await telegram(server.endpoint).download('f', 1_000, NEVER)
    expect(download).toMatchObject({ kind: 'downloaded' })
    expect(server.received[1]?.path).toBe(`/file/bot${TOKEN}/voice/file_1.oga`)
  })
})

const file = { ok: true, result: { file_id: 'f', file_path: 'voice/file_1.oga' } }
const speech = {
  ogg: recording('1-shop'),
  durationSeconds: 4,
}
const stagesOf = (stage: AskedStage): AskedStages => ({ STT: stage, CHAT: stage, TTS: stage })

const tutorRequest = {
  system: { sharedPart: 'You are Honzík.', ownPart: 'The learner is new.' },
  nativeLanguage: 'ru',
  correctionsOnly: '',
  isFirstSteps: false,
  hasHint: false,
  cacheKey: 'k',
  history: [],
  said: 'Ahoj',
}
const audio = {
  bytes: recording('1-shop'),
  fileName: 'voice.ogg',
  mimeType: 'audio/ogg',
  durationSeconds: 4,
}
const voice = { character: 'honzik', speedFactor: 1 } as const
const voices = { honzik: 'cedar', novakova: 'marin' }

const speak = (endpoint: Endpoint, model: string) =>
  speakerFor({ endpoint, model, voices, cache: NO_CACHE, ...tools }).speak(
    ['Ahoj'],
    voice,
    paidWork(),
  )

/** Every request that leaves us, with the scripts of the calls before the one that is redirected. */
const LEAVING: Record<
  string,
  { ask(endpoint: Endpoint): Promise<unknown>; scriptsBefore?: readonly Script[] }
> = {
  'a call of the Bot API': { ask: (endpoint) => telegram(endpoint).sendMessage(1, 'Ahoj') },
  'a voice note for Telegram': { ask: (endpoint) => telegram(endpoint).sendVoice(1, speech) },
  'a voice note of Telegram’s': {
    ask: (endpoint) => telegram(endpoint).download('f', 100_000, NEVER),
    scriptsBefore: [json(file)],
  },
  'a recording to hear': {
    ask: (endpoint) =>
      openaiTranscriber({ endpoint, model: 'gpt-transcribe', ...tools }).transcribe(
        audio,
        'uk',
        paidWork(),
      ),
  },
  'what was said, to answer': {
    ask: (endpoint) =>
      openaiTutor({ endpoint, model: 'gpt-6-luna', ...tools }).answer(
        tutorRequest,
        () => {},
        paidWork(),
      ),
  },
  'a reply to speak': { ask: (endpoint) => speak(endpoint, 'gpt-4o-mini-tts') },
  'a reply to speak, by socket': { ask: (endpoint) => speak(endpoint, 'gpt-realtime-2.1-mini') },
  'a look after the provider': {
    ask: (endpoint) =>
      neighbourHealth(
        telegramCalls({ apiRoot: rootOf(endpoint), token: TOKEN }, tools),
        stagesOf({ ...endpoint, baseUrl: `${rootOf(endpoint)}/v1`, model: 'gpt-6-luna' }),
        { webhookUrl: undefined, now: () => new Date() },
      ),
  },
}

describe('no redirect is followed, nor what was said posted on:', () => {
  describe.each(Object.entries(LEAVING))('%s', (name, { ask, scriptsBefore = [] }) => {
    test.each([301, 302, 303, 307, 308])(`${name} follows no redirect of %i`, async (status) => {
      const { baseUrl } = elsewhere.endpoint
      const redirect: Script = (response) => response.writeHead(status, { location: baseUrl }).end()
      await using server = await scriptedProvider(
        ...scriptsBefore,
        ...Array<Script>(9).fill(redirect),
      )
      const outcome = await ask(server.endpoint).catch((error: unknown) => error)
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(AppError)
        expect(`${outcome.stack} ${JSON.stringify(outcome)}`).not.toContain('token-of-a-test')
      } else expect(JSON.stringify(outcome)).toContain(String(status))
      expect(server.received.length).toBeGreaterThan(scriptsBefore.length)
      expect(elsewhere.connections()).toBe(0)
    })
  })
})

import { expect, test } from 'vitest'
import { completionBody, lowerablesOf } from '../../../lib/adapters/openai/completion-request.ts'
import { errorBodyOf } from '../../../lib/adapters/openai/error-body.ts'
import { withLowering } from '../../../lib/adapters/openai/lowering.ts'
import { keepRefusal } from '../../../lib/adapters/openai/refusal.ts'
import {
  lowerablesOf as lowerableSpeech,
  speechBody,
} from '../../../lib/adapters/openai/speech/speech-request.ts'
import { hintsFor, lowerableHints } from '../../../lib/adapters/openai/transcription-request.ts'
import { volatileTraits } from '../../../lib/adapters/openai/vendor-traits.ts'
import { AppError } from '../../../lib/app/error.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'
import { speechWorld } from './speech/speech-world.ts'

const REQUEST = {
  system: { sharedPart: 's', ownPart: 'o' },
  history: [],
  said: 'Jdu.',
  nativeLanguage: 'ru',
  correctionsOnly: 'c',
  isFirstSteps: false,
  hasHint: false,
  cacheKey: 'k',
}
const chatParts = (refusedTraits: ReadonlySet<string>) =>
  lowerablesOf(completionBody('gpt-6-luna', REQUEST, undefined, refusedTraits))
const { options } = speechWorld('http://localhost', 'gpt-4o-mini-tts')
const speechParts = (refusedTraits: ReadonlySet<string>) =>
  lowerableSpeech(
    speechBody(options, 'Ahoj', { character: 'honzik', speedFactor: 0.8 }, refusedTraits),
  )
const hearingParts = (refusedTraits: ReadonlySet<string>) =>
  lowerableHints(hintsFor('openai/whisper-large-v3', 'uk', refusedTraits))

/** The traits that one refusal leads to; none where the request is not made again. */
async function refusedBy(
  parts: typeof chatParts,
  body: string | object,
  status = 400,
): Promise<string[]> {
  const { error } = errorBodyOf(typeof body === 'string' ? body : JSON.stringify(body))
  const log = rememberingLog()
  const traits = volatileTraits(() => new Date(), log)
  const vendor = { stage: 'reply', host: 'a.example', model: 'm' } as const
  let isFirst = true
  const calls = withLowering({ vendor, traits, log }, parts, async (refusedTraits) => {
    if (!isFirst) return [...refusedTraits]
    isFirst = false
    const rejection = new AppError('provider-rejected', 'reply: HTTP 400')
    throw keepRefusal(rejection, { status, words: error.message, fields: error.fields })
  })
  // A request that is not made again fails by the refusal.
  return calls.catch(() => [])
}

const extra = (...loc: string[]) => ({
  detail: loc.map((name) => ({
    loc: ['body', name],
    msg: 'Extra inputs are not permitted',
    input: 'Jdu.',
  })),
})

test.each<[string | object, string[], number?]>([
  [
    { error: { message: 'Unrecognized request argument supplied: stream_options' } },
    ['stream_options'],
  ],
  [extra('stream_options', 'store'), ['stream_options', 'store'], 422],
  [
    { message: extra('prompt_cache_key'), type: 'invalid_request_error' },
    ['prompt_cache_key'],
    422,
  ],
  [{ message: JSON.stringify(extra('store')), code: '1000' }, ['store'], 422],
  ['json: unknown field "prompt_cache_key"', ['prompt_cache_key']],
  [{ error: "property 'store' is unsupported, did you mean 'stop'?" }, ['store']],
  [
    { error: 'Argument not supported on this model: reasoningEffort', code: 'x' },
    ['reasoning_effort'],
  ],
  [
    [
      {
        error: {
          code: 400,
          message: 'Invalid JSON payload received. Unknown name "store": Cannot find field.',
        },
      },
    ],
    ['store'],
  ],
  [
    "Additional properties are not allowed ('store', 'prompt_cache_key' were unexpected)",
    ['store'],
  ],
  [
    {
      error: {
        message:
          'litellm.UnsupportedParamsError: x does not support parameters: ["reasoning_effort"]',
      },
    },
    ['reasoning_effort'],
  ],
  [{ error: { message: "'max_completion_tokens' is too large: 3000" } }, ['max_completion_tokens']],
  [
    'response_format.type `json_schema` is unavailable now at line 1',
    ['response_format=json_schema'],
  ],
  [
    { errors: [{ message: "Bad input: '/response_format' not in 'json_object'" }] },
    ['response_format=json_schema'],
  ],
  ['Structured output is not supported by this model', ['response_format=json_schema']],
  ['grammar: unsupported keyword in schema', ['response_format=json_schema'], 422],
  ['Unsupported field $schema', ['response_format=json_schema']],
  ['Streaming is not currently supported with Structured Outputs', ['stream']],
  ['response_format` does not support streaming', ['stream']],
  ['This endpoint only supports stream=false', ['stream']],
  ["This model doesn't support system messages", ['system_role']],
  ['Developer instruction is not enabled for models/gemma-3-27b-it', ['system_role']],
  ['Only user and assistant roles are supported!', ['system_role'], 500],
  ['Conversation roles must alternate user/assistant/user/assistant/...', ['system_role'], 500],
  [
    {
      error: {
        message: 'Provider returned error',
        metadata: { raw: '{"message":"stream_options: not allowed"}' },
      },
    },
    ['stream_options'],
  ],
  ['No endpoints found that support response_format', ['response_format=json_schema'], 404],
  // A vendor that does not say what it refuses first loses what is missed least.
  ['', ['prompt_cache_breakpoint']],
  ['Bad Request', ['prompt_cache_breakpoint']],
  [{ detail: 'Unprocessable Entity' }, ['prompt_cache_breakpoint'], 422],
])('a completion refused by %j is asked for without %j', async (body, traits, status) => {
  expect(await refusedBy(chatParts, body, status)).toEqual(traits)
})

test.each<[string | object, number?]>([
  ["This model's maximum context length is 4096 tokens"],
  ['The model `gpt-7` does not exist', 404],
  ['Incorrect API key provided', 400],
  ['You have exceeded your quota', 400],
  ['upstream connect error: stream reset', 503],
  ['The stream ended', 500],
  ['Internal Server Error', 500],
  [{ detail: [{ loc: ['body', 'messages', 0], msg: 'Input should be valid' }] }, 422],
])('a completion refused by %j is not asked for in another form', async (body, status) => {
  expect(await refusedBy(chatParts, body, status)).toEqual([])
})

test.each<[string | object, string[], number?]>([
  ['response_format must be one of [wav]', ['response_format=opus']],
  [
    { detail: [{ loc: ['body', 'response_format'], msg: "Input should be 'mp3'", input: 'opus' }] },
    ['response_format=opus'],
    422,
  ],
  ['Unsupported output format: opus', ['response_format=opus']],
  ['opus encoder not found', ['response_format=opus'], 501],
  ['speed is not supported', ['speed']],
  [extra('instructions'), ['instructions'], 422],
  [extra('voice'), ['voice'], 422],
  ["Missing field 'voice_id'", ['voice']],
  ["Voice 'cedar' not found. Available voices: af_heart", []],
  ['Invalid voice', []],
])('speech refused by %j is asked for without %j', async (body, traits, status) => {
  expect(await refusedBy(speechParts, body, status)).toEqual(traits)
})

test.each<[string | object, string[], number?]>([
  ['Currently only support response_format `text` or `json`', ['response_format=verbose_json']],
  [
    { error: { message: 'Timestamps are not supported', param: 'response_format' } },
    ['response_format=verbose_json'],
  ],
  ["Language 'cs' is not supported", ['language']],
  [extra('language'), ['language'], 422],
  ['Bad Request', ['response_format=verbose_json']],
])('a transcript refused by %j is asked for without %j', async (body, traits, status) => {
  expect(await refusedBy(hearingParts, body, status)).toEqual(traits)
})

test('what no lowering mends is tried to the end once, and then fails', async () => {
  const log = rememberingLog()
  const traits = volatileTraits(() => new Date(), log)
  const vendor = { stage: 'reply', host: 'a.example', model: 'm' } as const
  let calls = 0
  const outcome = withLowering({ vendor, traits, log }, chatParts, async () => {
    calls += 1
    const rejection = new AppError('provider-rejected', 'reply: HTTP 400')
    throw keepRefusal(rejection, { status: 400, words: 'no', fields: [] })
  })
  await expect(outcome).rejects.toMatchObject({ code: 'provider-rejected' })
  expect(calls).toBeLessThan(14)
  // The vendor took no form of the request, so no trait is known.
  expect((await traits.of(vendor)).size).toBe(0)
  expect(log.lines.map(({ event }) => event)).toEqual(['vendor_refused'])
})

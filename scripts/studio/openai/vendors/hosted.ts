import {
  type Fields,
  fastApiRefusal,
  firstIn,
  formatOf,
  openaiRefusal,
  type Refusal,
  rolesOf,
  type Vendor,
  wordsOf,
} from './vendor.ts'

const CEDAR_AND_MARIN = { honzik: 'cedar', novakova: 'marin' }

/** Vendors on the internet. */
export const HOSTED_VENDORS: readonly Vendor[] = [
  {
    name: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    sources: [
      'https://developers.openai.com/api/docs/guides/speech-to-text',
      'https://developers.openai.com/api/docs/guides/text-to-speech',
    ],
    transcribe: { model: 'gpt-transcribe', learns: [] },
    reply: {
      model: 'gpt-6-luna',
      learns: [],
      refuses: refusesMaxTokens,
    },
    speak: { model: 'gpt-4o-mini-tts', voices: CEDAR_AND_MARIN, learns: [] },
  },
  {
    name: 'Azure',
    baseUrl: 'https://NAME.openai.azure.com/openai/v1',
    sources: [
      'https://github.com/openai/openai-node/blob/master/docs/azure.md',
      'https://github.com/lobehub/lobehub/issues/5909',
    ],
    advice: 'The models are the names of your deployments.',
    transcribe: { model: 'our-ears', learns: [] },
    reply: {
      model: 'our-tutor',
      learns: ['max_tokens'],
      refuses: refusesMaxTokens,
    },
    speak: { model: 'our-voice', voices: CEDAR_AND_MARIN, learns: [] },
  },
  {
    name: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    sources: [
      'https://openrouter.ai/docs/guides/overview/multimodal/tts',
      'https://openrouter.ai/docs/guides/overview/multimodal/stt',
    ],
    advice: 'Its transcription takes JSON and no file: another vendor has to hear.',
    reply: { model: 'openai/gpt-6-luna', learns: [] },
    speak: {
      model: 'openai/gpt-4o-mini-tts',
      voices: CEDAR_AND_MARIN,
      learns: ['response_format=opus', 'response_format=wav'],
      refuses: ({ response_format: format }) =>
        format === 'mp3' || format === 'pcm'
          ? undefined
          : openaiRefusal('Invalid option: expected one of "mp3"|"pcm"', {
              code: 400,
              metadata: { raw: `{"path":["response_format"],"input":"${format}"}` },
            }),
    },
  },
  {
    name: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    sources: [
      'https://console.groq.com/docs/structured-outputs',
      'https://github.com/BerriAI/litellm/issues/4804',
      'https://console.groq.com/docs/text-to-speech',
    ],
    advice: 'Its voices speak English and Arabic: let another vendor speak.',
    transcribe: { model: 'whisper-large-v3-turbo', learns: [] },
    reply: {
      model: 'moonshotai/kimi-k2-instruct',
      learns: ['stream'],
      refuses: (fields) =>
        formatOf(fields) !== undefined && fields.stream === true
          ? openaiRefusal('response_format` does not support streaming')
          : undefined,
    },
    speak: {
      model: 'canopylabs/orpheus-v1-english',
      voices: { honzik: 'troy', novakova: 'hannah' },
      learns: ['response_format=opus'],
      refuses: ({ response_format: format }) =>
        format === 'wav' ? undefined : openaiRefusal('response_format must be one of [wav]'),
    },
  },
  {
    name: 'Mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    sources: [
      'https://github.com/Gitlawb/openclaude/issues/739',
      'https://github.com/QuantumNous/new-api/issues/2858',
      'https://docs.mistral.ai/studio/audio/text-to-speech/quickstarts',
    ],
    transcribe: { model: 'voxtral-mini-latest', learns: [] },
    reply: {
      model: 'magistral-medium-latest',
      learns: ['stream_options'],
      sends: 'parts',
      refuses(fields) {
        const forbiddenField = firstIn(fields, ['stream_options', 'store', 'max_completion_tokens'])
        if (forbiddenField !== undefined)
          return fastApiRefusal(
            fields,
            forbiddenField,
            'Extra inputs are not permitted',
            'extra_forbidden',
          )
        const last = rolesOf(fields).at(-1)
        return last === 'user'
          ? undefined
          : openaiRefusal(`Expected last role User or Tool for serving but got ${last}`)
      },
    },
    speak: {
      model: 'voxtral-mini-tts-3-0',
      voices: { honzik: 'voice_478', novakova: 'voice_592' },
      learns: ['voice'],
      sends: 'base64',
      refuses: (fields) =>
        'voice' in fields
          ? fastApiRefusal(fields, 'voice', 'Extra inputs are not permitted', 'extra_forbidden')
          : undefined,
    },
  },
  {
    name: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com',
    sources: [
      'https://github.com/llm-exe/llm-exe/issues/662',
      'https://api-docs.deepseek.com/guides/json_mode',
    ],
    advice: 'It neither hears nor speaks: other vendors have to.',
    reply: {
      model: 'deepseek-v4-flash',
      learns: ['response_format=json_schema'],
      refuses(fields) {
        if (formatOf(fields) === 'json_schema')
          return openaiRefusal('This response_format type is unavailable now', {
            code: 'invalid_request_error',
          })
        const lacksWord = formatOf(fields) === 'json_object' && !/json/i.test(wordsOf(fields))
        return lacksWord
          ? openaiRefusal(
              "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.",
            )
          : undefined
      },
    },
  },
]

function refusesMaxTokens(fields: Fields): Refusal | undefined {
  return 'max_tokens' in fields
    ? openaiRefusal(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        { param: 'max_tokens', code: 'unsupported_parameter' },
      )
    : undefined
}

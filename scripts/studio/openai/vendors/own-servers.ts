import { fastApiRefusal, firstIn, formatOf, openaiRefusal, rolesOf, type Vendor } from './vendor.ts'

/** What a thinking model writes before its answer: a sketch of one, which is none. */
const DRAFT = '{"reply":"Tohle je jen náčrt.","corrected_text":"Náčrt."}'

/** Servers that operators run themselves. */
export const OWN_SERVERS: readonly Vendor[] = [
  {
    name: 'Speaches',
    baseUrl: 'http://localhost:8000/v1',
    sources: [
      'https://github.com/speaches-ai/speaches/blob/master/src/speaches/routers/speech.py',
      'https://github.com/speaches-ai/speaches/issues/365',
    ],
    advice:
      'Versions before it had an encoder for Opus refuse that. A voice of Piper speaks Czech.',
    transcribe: { model: 'Systran/faster-whisper-large-v3', learns: [] },
    speak: {
      model: 'speaches-ai/piper-cs_CZ-jirka-medium',
      voices: { honzik: 'jirka', novakova: 'jirka' },
      learns: ['response_format=opus'],
      refuses: (fields) =>
        ['mp3', 'flac', 'wav', 'pcm'].includes(String(fields.response_format))
          ? undefined
          : fastApiRefusal(
              fields,
              'response_format',
              "Input should be 'mp3', 'flac', 'wav' or 'pcm'",
              'literal_error',
            ),
    },
  },
  {
    name: 'Kokoro-FastAPI',
    baseUrl: 'http://localhost:8880/v1',
    sources: ['https://github.com/p0n1/epub_to_audiobook/issues/147'],
    advice:
      'It refuses OpenAI’s names of voices: set `TTS_VOICE_HONZIK` and `TTS_VOICE_NOVAKOVA`. None of its voices is Czech.',
    speak: {
      model: 'kokoro',
      voices: { honzik: 'am_adam', novakova: 'bf_emma' },
      learns: [],
      refuses: ({ voice }) =>
        /^[a-z]{2}_/.test(String(voice))
          ? undefined
          : {
              status: 400,
              body: JSON.stringify({
                detail: {
                  error: 'validation_error',
                  message: `Voice '${voice}' not found. Available voices: am_adam, bf_emma`,
                  type: 'invalid_request_error',
                },
              }),
            },
    },
  },
  {
    name: 'vLLM',
    baseUrl: 'http://localhost:8000/v1',
    sources: [
      'https://github.com/vllm-project/vllm/issues/14818',
      'https://docs.vllm.ai/en/v0.22.1/serving/online_serving/speech_to_text/',
      'https://github.com/ggml-org/llama.cpp/issues/19851',
    ],
    advice: 'A template of Gemma’s has no system role: the instructions then open the first turn.',
    transcribe: {
      model: 'openai/whisper-large-v3',
      learns: ['response_format=verbose_json'],
      hears: (text) => `<|cs|><|transcribe|> ${text}`,
      refuses: ({ response_format: format }) =>
        format === 'json' || format === 'text'
          ? undefined
          : {
              status: 400,
              body: JSON.stringify({
                object: 'error',
                message: 'Currently only support response_format `text` or `json`',
                type: 'BadRequestError',
                param: null,
                code: 400,
              }),
            },
    },
    reply: {
      model: 'google/gemma-2-9b-it',
      learns: ['system_role'],
      refuses: (fields) =>
        rolesOf(fields).includes('system')
          ? openaiRefusal('System role not supported', { type: 'BadRequestError', code: 400 })
          : undefined,
    },
  },
  {
    name: 'LiteLLM',
    baseUrl: 'http://localhost:4000/v1',
    sources: [
      'https://docs.litellm.ai/docs/completion/drop_params',
      'https://github.com/BerriAI/litellm/issues/10584',
      'https://github.com/BerriAI/litellm/issues/19225',
    ],
    advice: '`drop_params: true` in its settings spares the refusals.',
    transcribe: {
      model: 'whisper-tiny',
      learns: ['response_format=verbose_json'],
      refuses: ({ response_format: format }) =>
        format === 'verbose_json'
          ? openaiRefusal(
              'litellm.BadRequestError: OpenAIException - Currently only support response_format `text` or `json`. Received Model Group=whisper-tiny\nAvailable Model Group Fallbacks=None LiteLLM Retried: 1 times',
              { type: 'None', param: 'None', code: '500' },
              500,
            )
          : undefined,
    },
    reply: {
      model: 'gpt-6-luna',
      learns: ['prompt_cache_key', 'store', 'reasoning_effort'],
      refuses(fields) {
        const name = firstIn(fields, ['prompt_cache_key', 'store', 'reasoning_effort'])
        return name === undefined
          ? undefined
          : openaiRefusal(
              `litellm.BadRequestError: BedrockException - {"message":"The model returned the following errors: ${name}: Extra inputs are not permitted"}`,
              { type: null, code: '400' },
            )
      },
    },
    speak: { model: 'tts-1', voices: { honzik: 'onyx', novakova: 'nova' }, learns: [] },
  },
  {
    name: 'llama.cpp server',
    baseUrl: 'http://localhost:8080/v1',
    sources: [
      'https://github.com/ggml-org/llama.cpp/issues/23320',
      'https://github.com/ggml-org/llama.cpp/issues/19851',
    ],
    advice: 'Some of its builds send a model’s thoughts without the mark that opens them.',
    reply: {
      model: 'qwen3.5-4b',
      learns: [],
      writes: (answer) =>
        `Okay, the learner was in a shop. A sketch: ${DRAFT}\n</think>\n\n${answer}`,
      refuses(fields) {
        const roles = rolesOf(fields).filter((role) => role !== 'system')
        const alternates = roles.every((role, at) => role === (at % 2 === 0 ? 'user' : 'assistant'))
        return alternates && rolesOf(fields).lastIndexOf('system') <= 0
          ? undefined
          : {
              status: 500,
              body: JSON.stringify({
                error: {
                  code: 500,
                  message:
                    'Jinja Exception: After the optional system message, conversation roles must alternate user and assistant roles.',
                  type: 'server_error',
                },
              }),
            }
      },
    },
  },
  {
    name: 'LocalAI',
    baseUrl: 'http://localhost:8080/v1',
    sources: [
      'https://github.com/mudler/LocalAI/issues/2732',
      'https://github.com/mudler/LocalAI/issues/5327',
    ],
    advice: 'It speaks WAV whatever it is asked for, and needs ffmpeg to hear Ogg.',
    transcribe: { model: 'whisper-1', learns: [] },
    reply: { model: 'gpt-4', learns: [], sends: 'whole' },
    speak: {
      model: 'voice-cs-jirka',
      voices: { honzik: 'jirka', novakova: 'jirka' },
      learns: [],
      sends: 'wav',
    },
  },
  {
    name: 'Ollama',
    baseUrl: 'http://localhost:11434/v1',
    sources: [
      'https://docs.ollama.com/api/openai-compatibility',
      'https://github.com/ollama/ollama/issues/11545',
      'https://github.com/rancher/rancher-ai-agent/issues/11',
    ],
    advice:
      'The key may be any word. Before version 0.12.5 a model’s thoughts come within its answer.',
    reply: {
      model: 'qwen3:14b',
      learns: [],
      writes: (answer) =>
        `<think>\nLet me sketch it: ${DRAFT}\n</think>\n\n\`\`\`json\n{"lesson": ${answer}}\n\`\`\`\nHope that helps! :-} {ok}`,
    },
  },
  {
    name: 'LM Studio',
    baseUrl: 'http://localhost:1234/v1',
    sources: [
      'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/189',
      'https://github.com/LoadShine/tada/issues/16',
    ],
    advice: 'The key may be any word. It neither hears nor speaks.',
    reply: {
      model: 'google/gemma-3n-e4b',
      learns: [],
      refuses: (fields) =>
        [undefined, 'text', 'json_schema'].includes(formatOf(fields) as string | undefined)
          ? undefined
          : {
              status: 400,
              body: "{\"error\":\"'response_format.type' must be 'json_schema' or 'text'\"}",
            },
    },
  },
  {
    name: 'TGI',
    baseUrl: 'http://localhost:8080/v1',
    sources: [
      'https://github.com/huggingface/text-generation-inference/issues/2899',
      'https://github.com/huggingface/text-generation-inference/pull/3276',
    ],
    advice: 'It wants a schema in a field of its own, so the schema goes into the prompt.',
    reply: {
      model: 'tgi',
      learns: ['response_format=json_schema', 'response_format=json_object'],
      refuses: (fields) =>
        formatOf(fields) === undefined
          ? undefined
          : {
              status: 422,
              body: 'Failed to deserialize the JSON body into the target type: response_format: missing field `value` at line 1 column 168',
            },
    },
  },
  {
    name: 'whisper.cpp server',
    baseUrl: 'http://localhost:8080/v1',
    sources: [
      'https://github.com/ggml-org/whisper.cpp/pull/2270',
      'https://github.com/ggml-org/whisper.cpp/issues/3774',
      'https://github.com/ggml-org/whisper.cpp/pull/1539',
    ],
    advice:
      'Start it with `--inference-path /v1/audio/transcriptions`. Without `--convert` it reads WAV only, which it is then sent.',
    transcribe: {
      model: 'whisper-1',
      learns: ['file=ogg'],
      sends: 'text',
      hears: (text) => ` ${text}\n (hudba)\n`,
      refuses: ({ mimeType }) =>
        mimeType === 'audio/wav'
          ? undefined
          : { status: 200, body: '{"error":"failed to read audio data"}' },
    },
  },
]

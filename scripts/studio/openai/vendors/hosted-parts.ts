import { firstIn, formatOf, type Vendor } from './vendor.ts'

/** Vendors on the internet that serve one stage of a lesson: they answer, or they hear. */
export const HOSTED_PARTS: readonly Vendor[] = [
  {
    name: 'Gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    sources: [
      'https://github.com/liliMozi/openhanako/issues/394',
      'https://github.com/leookun/cursor-byok/issues/112',
      'https://ai.google.dev/gemini-api/docs/openai',
    ],
    advice: 'In this shape it neither hears nor speaks: other vendors have to.',
    reply: {
      model: 'gemini-3.5-flash',
      learns: [],
      refuses(fields) {
        const name = firstIn(fields, ['store', 'prompt_cache_key', 'frequency_penalty'])
        if (name === undefined) return undefined
        const message = `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`
        const fieldViolations = [{ description: message }]
        const error = {
          code: 400,
          message,
          status: 'INVALID_ARGUMENT',
          details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }],
        }
        return { status: 400, body: JSON.stringify([{ error }]) }
      },
    },
  },
  {
    name: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    sources: [
      'https://docs.x.ai/developers/model-capabilities/text/structured-outputs',
      'https://github.com/yym68686/uni-api/issues/105',
      'https://github.com/NousResearch/hermes-agent/pull/23435',
    ],
    advice: 'It hears and speaks, but in a shape of its own: other vendors have to.',
    reply: {
      model: 'grok-4.3',
      learns: [],
      refuses(fields) {
        const name = firstIn(fields, ['presence_penalty', 'reasoning_effort', 'stop'])
        return name === undefined
          ? undefined
          : {
              status: 400,
              body: JSON.stringify({
                code: 'Client specified an invalid argument',
                error: `Argument not supported on this model: ${name}`,
              }),
            }
      },
    },
  },
  {
    name: 'Cerebras',
    baseUrl: 'https://api.cerebras.ai/v1',
    sources: [
      'https://github.com/anomalyco/opencode/issues/992',
      'https://inference-docs.cerebras.ai/capabilities/structured-outputs',
    ],
    advice: 'It neither hears nor speaks: other vendors have to.',
    reply: {
      model: 'qwen-3-235b-a22b',
      learns: ['stream'],
      refuses(fields) {
        const isSchema = formatOf(fields) === 'json_schema'
        // Its errors stand alone, without OpenAI's object around them.
        return isSchema && fields.stream === true
          ? {
              status: 400,
              body: JSON.stringify({
                message:
                  '"stream=true" with structured outputs is currently not supported for reasoning models.',
                type: 'invalid_request_error',
                param: 'stream',
                code: 'wrong_api_format',
              }),
            }
          : undefined
      },
    },
  },
  {
    name: 'Cartesia',
    baseUrl: 'https://api.cartesia.ai',
    sources: ['https://docs.cartesia.ai/use-the-api/stt/migrate-from-openai-speech-to-text'],
    advice: 'It hears only; its speech has a shape of its own.',
    transcribe: { model: 'ink-whisper', learns: [] },
  },
]

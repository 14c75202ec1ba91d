/** The stages, as the variables of the environment name them. */
type Stage = 'STT' | 'CHAT' | 'TTS'

type KnownVendor = {
  name: string
  host: RegExp
  /** What its base URL ends with. */
  path?: string
  /** Stages that it does not serve, or not in OpenAI's shape. */
  lacks: readonly Stage[]
  /** It speaks over OpenAI's realtime socket. */
  isRealtime?: true
}

/**
 * Vendors of whom it is known at start that something cannot work; of all others the first lesson finds it out.
 * Sources: operating.md, vendors.
 */
const KNOWN_VENDORS: readonly KnownVendor[] = [
  { name: 'OpenAI', host: /^api\.openai\.com$/, path: '/v1', lacks: [], isRealtime: true },
  {
    name: 'Azure',
    host: /\.(openai|services\.ai|cognitiveservices)\.azure\.com$/,
    path: '/openai/v1',
    lacks: [],
    isRealtime: true,
  },
  // Its transcription takes JSON with base64, and no file.
  { name: 'OpenRouter', host: /^openrouter\.ai$/, path: '/api/v1', lacks: ['STT'] },
  { name: 'Groq', host: /^api\.groq\.com$/, path: '/openai/v1', lacks: [] },
  { name: 'Mistral', host: /^api\.mistral\.ai$/, path: '/v1', lacks: [] },
  { name: 'DeepSeek', host: /^api\.deepseek\.com$/, lacks: ['STT', 'TTS'] },
  { name: 'Anthropic', host: /^api\.anthropic\.com$/, path: '/v1', lacks: ['STT', 'TTS'] },
  {
    name: 'Gemini',
    host: /^generativelanguage\.googleapis\.com$/,
    path: '/openai',
    lacks: ['STT', 'TTS'],
  },
  { name: 'xAI', host: /^api\.x\.ai$/, path: '/v1', lacks: ['STT', 'TTS'] },
  { name: 'Cerebras', host: /^api\.cerebras\.ai$/, path: '/v1', lacks: ['STT', 'TTS'] },
  { name: 'Cartesia', host: /^api\.cartesia\.ai$/, lacks: ['CHAT', 'TTS'] },
]

const DUTIES: Readonly<Record<Stage, string>> = {
  STT: 'transcription',
  CHAT: 'chat',
  TTS: 'speech',
}

/**
 * What cannot work with the vendor that a stage's base URL leads to, and what to do, each beginning with the variable.
 * `variable` is the one that has the URL.
 */
export function vendorProblems(
  stage: Stage,
  { variable, baseUrl, model }: { variable: string; baseUrl: string; model: string },
): string[] {
  const url = URL.parse(baseUrl)
  if (url === null) return []
  const path = url.pathname.replace(/\/+$/, '')
  const endpoint = /\/(chat\/completions|audio\/(transcriptions|speech)|models|realtime)$/.exec(
    path,
  )
  if (endpoint !== null) return [`${variable} must end before ${endpoint[0]}`]

  const vendor = KNOWN_VENDORS.find(({ host }) => host.test(url.hostname))
  if (vendor === undefined) return []
  if (vendor.lacks.includes(stage))
    return [
      `${stage}_BASE_URL and ${stage}_API_KEY must name another vendor: ${vendor.name} has no ${DUTIES[stage]} of OpenAI's shape`,
    ]
  if (vendor.path !== undefined && !path.endsWith(vendor.path))
    return [`${variable} must end in ${vendor.path} for ${vendor.name}`]
  const needsSocket = stage === 'TTS' && model.includes('realtime')
  if (needsSocket && vendor.isRealtime === undefined)
    return [`TTS_MODEL must name a model of ${vendor.name}'s: it does not speak over a socket`]
  return []
}

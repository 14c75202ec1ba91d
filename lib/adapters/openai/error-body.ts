import { parseJson } from '../../domain/json.ts'

/** A refusal as OpenAI words it; `fields` are those parts of the request that the server names as wrong. */
export type ErrorBody = {
  error: {
    message: string
    code?: string | number
    type?: string
    param?: string
    fields: string[]
  }
}

/** Longer than any reason; a page of a proxy may follow. */
const MAX_MESSAGE_LENGTH = 4_000
/** What repeats a request with a recording in it is longer. */
const MAX_BODY_LENGTH = 256 * 1024
/** Gateways pack the answer of the server behind them into their own, some of them twice. */
const MAX_DEPTH = 6

/** Where servers put their words. FastAPI has `detail` and `msg`, OpenRouter `metadata.raw`, whisper.cpp a bare `error`. */
const WORDS = [
  'message',
  'error',
  'errors',
  'detail',
  'details',
  'msg',
  'reason',
  'metadata',
  'raw',
]

/**
 * Translates the body of a refusal into OpenAI's shape, the only one that its SDK reads.
 *
 * FastAPI, Mistral, Ollama, whisper.cpp and gateways each have another. What a server repeats of the request
 * (`input` of FastAPI, `failed_generation` of Groq) is left out.
 */
export function errorBodyOf(text: string): ErrorBody {
  const body = text.length > MAX_BODY_LENGTH ? undefined : parseJson(text)
  // Gemini's endpoint of OpenAI's shape sends a list of one.
  const [outer] = [body].flat()
  const inner = fieldOf(outer, 'error')
  const error = isObject(inner) ? inner : outer
  const messages = body === undefined ? [text] : wordsIn(outer, 0)
  const code = fieldOf(error, 'code')
  return {
    error: {
      message: [...new Set(messages.map((words) => words.trim()))]
        .filter(Boolean)
        .join('; ')
        .slice(0, MAX_MESSAGE_LENGTH),
      ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
      ...textAt(error, 'type'),
      ...textAt(error, 'param'),
      fields: [...new Set(fieldsIn(outer, 0))],
    },
  }
}

/**
 * The status that an answer with status 200 should have: whisper.cpp's server and some gateways put only an
 * error into it.
 */
export function statusOfAnswer(text: string): number {
  const [body] = [text.includes('"error"') ? parseJson(text) : undefined].flat()
  const error = fieldOf(body, 'error')
  const isRefusal =
    ((typeof error === 'string' && error !== '') || isObject(error)) &&
    ['choices', 'text', 'data'].every((name) => fieldOf(body, name) === undefined)
  if (!isRefusal) return 200
  const code = fieldOf(error, 'code') ?? fieldOf(body, 'code')
  const isStatus =
    (typeof code === 'number' || typeof code === 'string') && /^[45]\d\d$/.test(`${code}`)
  return isStatus ? Number(code) : 400
}

/** The sentences in a body, those of a body packed into a string among them. */
function wordsIn(value: unknown, depth: number): string[] {
  if (depth > MAX_DEPTH) return []
  if (typeof value === 'string') {
    const packedBody = packedIn(value)
    return packedBody === undefined
      ? [value]
      : [value.split('{', 1).join(), ...wordsIn(packedBody, depth + 1)]
  }
  if (Array.isArray(value)) return value.slice(0, 20).flatMap((item) => wordsIn(item, depth + 1))
  if (!isObject(value)) return []
  return WORDS.flatMap((key) => wordsIn(fieldOf(value, key), depth + 1))
}

/** The fields at fault: the last name of FastAPI's `loc`, and OpenAI's `param`. */
function fieldsIn(value: unknown, depth: number): string[] {
  if (depth > MAX_DEPTH) return []
  if (typeof value === 'string') return fieldsIn(packedIn(value), depth + 1)
  if (Array.isArray(value)) return value.slice(0, 20).flatMap((item) => fieldsIn(item, depth + 1))
  if (!isObject(value)) return []
  const place = fieldOf(value, 'loc')
  const param = fieldOf(value, 'param')
  const names = [
    ...(Array.isArray(place)
      ? place.filter((step) => typeof step === 'string' && step !== 'body').slice(0, 1)
      : []),
    ...(typeof param === 'string' ? [param.split(/[.[]/, 1).join()] : []),
  ]
  return [
    // LiteLLM writes Python's None.
    ...names
      .map((name) => String(name).replace(/\[\]$/, ''))
      .filter((name) => /^(?!None$)[\w$]{1,60}$/.test(name)),
    ...WORDS.flatMap((key) => fieldsIn(fieldOf(value, key), depth + 1)),
  ]
}

/** The JSON object in a text that has one, as LiteLLM's messages do. */
function packedIn(text: string): unknown {
  const start = text.indexOf('{')
  if (start < 0) return undefined
  const packedBody = parseJson(text.slice(start, text.lastIndexOf('}') + 1))
  return isObject(packedBody) ? packedBody : undefined
}

function textAt<Key extends string>(value: unknown, key: Key): { [key in Key]?: string } {
  const text = fieldOf(value, key)
  return typeof text === 'string' ? ({ [key]: text } as { [key in Key]?: string }) : {}
}

function fieldOf(value: unknown, key: string): unknown {
  return isObject(value) ? Reflect.get(value, key) : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

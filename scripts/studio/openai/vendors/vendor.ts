import type { Stage } from '../faults.ts'

/** The fields of a request, as the vendor's server sees them. */
export type Fields = Readonly<Record<string, unknown>>

/** How a vendor words its no. */
export type Refusal = { status: number; body: string }

/** How a vendor serves a stage where it differs from OpenAI. */
export type Manner = {
  /** What an operator sets for it. */
  model: string
  /** What it refuses, as its pages and issues say. */
  refuses?(fields: Fields): Refusal | undefined
  /** The traits that we learn by that, in their order. */
  learns: readonly string[]
}

export type ReplyManner = Manner & {
  /** What its models write where an answer is due. */
  writes?(answer: string): string
  /** The content comes as a list of parts, or whole where a stream was asked for. */
  sends?: 'parts' | 'whole'
}

export type TranscribeManner = Manner & {
  /** What its recogniser makes of what was said. */
  hears?(text: string): string
  /** The transcript comes as plain text. */
  sends?: 'text'
}

export type SpeakManner = Manner & {
  voices: { honzik: string; novakova: string }
  /** The sound comes as base64 in JSON, or as WAV whatever is asked for. */
  sends?: 'base64' | 'wav'
}

/** A vendor of OpenAI's shape: what of a lesson it serves, and how. A stage that is missing it does not have. */
export type Vendor = {
  name: string
  /** What an operator writes as base URL. */
  baseUrl: string
  /** Pages and issues that say so. */
  sources: readonly string[]
  transcribe?: TranscribeManner
  reply?: ReplyManner
  speak?: SpeakManner
  /** What an operator has to know. */
  advice?: string
}

/** A request for what the vendor does not have, or a part of it that it refuses; undefined where it serves it. */
export function refusalOf(
  vendor: Vendor | undefined,
  stage: Stage,
  fields: Fields,
): Refusal | undefined {
  if (vendor === undefined) return undefined
  const manner = vendor[stage]
  if (manner === undefined) return NOT_FOUND
  return manner.refuses?.(fields)
}

const NOT_FOUND: Refusal = { status: 404, body: '{"detail":"Not Found"}' }

/** OpenAI's wording, which most vendors have. */
export function openaiRefusal(message: string, details: object = {}, status = 400): Refusal {
  const error = { message, type: 'invalid_request_error', param: null, code: null, ...details }
  return { status, body: JSON.stringify({ error }) }
}

/** FastAPI's wording: a list of places with what is wrong there. */
export function fastApiRefusal(fields: Fields, name: string, msg: string, type: string): Refusal {
  const detail = [{ type, loc: ['body', name], msg, input: fields[name] }]
  return { status: 422, body: JSON.stringify({ detail }) }
}

/** The first of the names that the fields have. */
export function firstIn(fields: Fields, names: readonly string[]): string | undefined {
  return names.find((name) => name in fields)
}

/** The kind of `response_format` of a request for a completion. */
export function formatOf(fields: Fields): unknown {
  const format = fields.response_format
  return typeof format === 'object' && format !== null ? Reflect.get(format, 'type') : undefined
}

/** The roles of a conversation, in order. */
export function rolesOf({ messages }: Fields): unknown[] {
  return Array.isArray(messages) ? messages.map(({ role }) => role) : []
}

/** All that a conversation says. */
export function wordsOf({ messages }: Fields): string {
  return JSON.stringify(messages)
}

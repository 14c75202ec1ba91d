import { badRequest } from './answer.ts'
import type { Payload } from './objects.ts'

/** Fields that hold an object or a list: outside a JSON body they come as JSON text. */
const OBJECT_FIELDS = [
  'reply_markup',
  'reply_parameters',
  'link_preview_options',
  'allowed_updates',
  'commands',
  'scope',
  'entities',
  'caption_entities',
  'reaction',
]

/**
 * Decodes a method call: query string and body, which may be JSON, urlencoded or multipart/form-data.
 *
 * `keep` takes the bytes of each uploaded file and returns those to hold in their place. Object fields that are not
 * valid JSON stay strings: the method that reads them refuses. An unreadable body throws a refusal.
 */
export async function readPayload(
  query: URLSearchParams,
  contentType: string,
  body: Uint8Array<ArrayBuffer>,
  keep: (bytes: Uint8Array) => Uint8Array,
): Promise<Payload> {
  const payload: Payload = {
    ...Object.fromEntries(query),
    ...(await readBody(contentType, body, keep)),
  }
  for (const [name, value] of Object.entries(payload)) {
    if (value === null) delete payload[name]
    if (typeof value === 'string' && OBJECT_FIELDS.includes(name)) payload[name] = parseJson(value)
  }
  return payload
}

async function readBody(
  contentType: string,
  body: Uint8Array<ArrayBuffer>,
  keep: (bytes: Uint8Array) => Uint8Array,
): Promise<Payload> {
  const type = contentType.split(';')[0]?.trim().toLowerCase()
  if (body.length === 0) return {}
  if (type === 'application/json') return readJson(body)
  if (type === 'application/x-www-form-urlencoded') {
    return Object.fromEntries(new URLSearchParams(Buffer.from(body).toString()))
  }
  if (type === 'multipart/form-data') return readForm(contentType, body, keep)
  return {}
}

function readJson(body: Uint8Array): Payload {
  const value = parseJson(Buffer.from(body).toString())
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest("can't parse JSON object")
  }
  return { ...value }
}

async function readForm(
  contentType: string,
  body: Uint8Array<ArrayBuffer>,
  keep: (bytes: Uint8Array) => Uint8Array,
): Promise<Payload> {
  const form = await new Response(body, { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => {
      throw badRequest("can't parse multipart/form-data request")
    })
  const payload: Payload = {}
  for (const [name, value] of form) {
    payload[name] =
      typeof value === 'string'
        ? value
        : {
            fileName: value.name,
            mimeType: value.type,
            bytes: keep(new Uint8Array(await value.arrayBuffer())),
          }
  }
  return payload
}

/** The value of JSON text, or the text itself when it is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** An integer parameter, however it was encoded; undefined when it is missing or no integer. */
export function integerOf(payload: Payload, field: string): number | undefined {
  const value = payload[field]
  if (value === undefined || value === '') return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}

/** A text parameter; '' when it is missing. */
export function textOf(payload: Payload, field: string): string {
  const value = payload[field]
  return value === undefined ? '' : String(value)
}

/** A boolean parameter: Telegram takes true, "true", "yes" and 1. */
export function flagOf(payload: Payload, field: string): boolean {
  return ['true', 'yes', '1'].includes(String(payload[field] ?? '').toLowerCase())
}

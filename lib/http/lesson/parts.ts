import { isUtf8 } from 'node:buffer'
import { readJson } from '../body.ts'
import { shortName, type WrongField } from './fields.ts'

/** A request's body taken apart. */
export type LessonParts = {
  fields: Record<string, unknown>
  audioBytes?: Uint8Array
  /** What is wrong with `audio`, where it is no file. */
  audioProblem?: string
}

/**
 * The longest text has 24 kB, however it is written. Parsed, four megabytes of brackets would take two
 * hundred of memory, and as many names without values a minute (Node 24's URLSearchParams).
 */
const MAX_TEXT_BODY_BYTES = 64 * 1024

/** Takes a body apart by the content type of its request; what is wrong with it where it is none of ours. */
export async function partsOf(
  headers: Headers,
  bytes: Uint8Array,
): Promise<LessonParts | { wrongField: WrongField }> {
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (encoding.trim().toLowerCase() !== 'identity') {
    const message = 'must be identity: compressed requests are not read'
    return { wrongField: { field: 'Content-Encoding', message } }
  }
  const contentType = headers.get('content-type') ?? ''
  const type = contentType.split(';', 1).join().trim().toLowerCase()
  const isTooLong = bytes.length > MAX_TEXT_BODY_BYTES
  switch (type) {
    case 'multipart/form-data':
      return formParts(contentType, bytes)
    case 'application/x-www-form-urlencoded':
      return isTooLong ? TOO_LONG : formParts(contentType, bytes)
    case 'application/json':
      return isTooLong ? TOO_LONG : jsonParts(bytes)
    default:
      return wrongBody(
        'must be multipart/form-data; for a text application/json or application/x-www-form-urlencoded, too',
      )
  }
}

const TOO_LONG = wrongBody(`must have ${MAX_TEXT_BODY_BYTES} bytes at most without audio`)

async function formParts(contentType: string, bytes: Uint8Array) {
  const headers = { 'content-type': contentType }
  const form = await new Response(new Uint8Array(bytes), { headers })
    .formData()
    // A malformed form is the caller's problem; the parser's own messages differ between versions.
    .catch(() => undefined)
  if (form === undefined) return wrongBody('is not a valid form')
  // A set, because four megabytes have room for a million names.
  const names = new Set<string>()
  const duplicate = [...form.keys()].find((name) => names.has(name) || !names.add(name))
  if (duplicate !== undefined) return wrongBody(`has \`${shortName(duplicate)}\` more than once`)
  const audio = form.get('audio')
  form.delete('audio')
  const fields = Object.fromEntries(
    [...form.entries()].map(([name, value]) => [name, typeof value === 'string' ? value : null]),
  )
  if (audio === null) return { fields }
  if (typeof audio === 'string') return { fields, audioProblem: 'must be a file' }
  // Browsers send a file input that was left empty so.
  if (audio.name === '' && audio.size === 0) return { fields }
  return { fields, audioBytes: new Uint8Array(await audio.arrayBuffer()) }
}

function jsonParts(bytes: Uint8Array) {
  if (!isUtf8(bytes)) return wrongBody('is not UTF-8')
  const json = readJson(bytes)
  if (!isObject(json)) return wrongBody('is not a JSON object')
  const { audio, ...fields } = json
  if (audio !== undefined) return { fields, audioProblem: 'needs multipart/form-data' }
  return { fields }
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function wrongBody(message: string): { wrongField: WrongField } {
  return { wrongField: { field: 'body', message } }
}

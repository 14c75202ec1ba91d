import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Audio, InspectAudio } from '../../app/lesson/audio.ts'
import { findLanguage } from '../../domain/learner/languages.ts'
import { LEVELS } from '../../domain/learner/learner.ts'
import {
  isVoiceTooLong,
  MAX_TEXT_LENGTH,
  MAX_VOICE_SECONDS,
  MIN_TEXT_LENGTH,
} from '../../domain/lesson/limits.ts'
import { readBytes, readJson } from '../body.ts'

/** The platform takes requests of 4.5 MB; this leaves room for the other fields. */
export const MAX_AUDIO_BYTES = 4 * 1024 * 1024
const MAX_BODY_BYTES = MAX_AUDIO_BYTES + 256 * 1024
/**
 * The longest text has 24 kB, however it is written. Parsed, four megabytes of brackets would take two
 * hundred of memory, and as many names without values a minute (Node 24's URLSearchParams).
 */
const MAX_TEXT_BODY_BYTES = 64 * 1024

const yes = ['true', '1', 'yes']
const no = ['false', '0', 'no']

/** The fields of a request but for the audio: multipart has them as strings. */
export const LessonFields = z.object({
  user_id: z
    .string({ error: 'is required, as a string: your own id for the learner' })
    .min(1, 'must not be empty')
    .max(200, 'must have 200 characters at most')
    // The database's text refuses NUL, and half a surrogate pair would become another character.
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must have no control characters')
    .meta({ description: 'Your own id for the learner; one not yet known is created.' }),
  text: z
    .string({ error: 'must be a string' })
    .refine((text) => {
      const length = [...text.trim()].length
      return length >= MIN_TEXT_LENGTH && length <= MAX_TEXT_LENGTH
    }, `must have ${MIN_TEXT_LENGTH} to ${MAX_TEXT_LENGTH} characters`)
    .optional()
    .meta({ description: 'What the learner wrote in Czech: either this or `audio`.' }),
  include_audio: z
    .union([z.boolean(), z.enum([...yes, ...no])], { error: 'must be true or false' })
    .transform((value) => value === true || yes.includes(String(value)))
    .default(true)
    .meta({ description: 'Whether to answer with sound, too.' }),
  native_language: z
    .string({ error: 'must be a string' })
    .refine(
      (code) => findLanguage(code) !== undefined,
      'must be the ISO 639-1 code of a language that explanations can be given in',
    )
    .transform((code) => findLanguage(code)?.code ?? code)
    .optional()
    .meta({ description: 'ISO 639-1 code of the language to explain in.' }),
  level: z
    .enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` })
    .optional()
    .meta({ description: "The learner's level." }),
})
export type LessonFields = z.infer<typeof LessonFields>

export type LessonRequest = { fields: LessonFields; audio: Audio | undefined }
export type WrongField = { field: string; message: string }

export type ReadRequest =
  | { kind: 'request'; request: LessonRequest }
  | { kind: 'invalid'; errors: WrongField[] }
  | { kind: 'too-large' }
  | { kind: 'unsupported-audio' }

/** Reads and checks a request as a whole: every wrong field is reported at once. Never throws. */
export async function readLessonRequest(
  request: Request,
  inspectAudio: InspectAudio,
): Promise<ReadRequest> {
  const body = await readBytes(request, MAX_BODY_BYTES)
  if (!body.isWhole) return { kind: 'too-large' }
  const parts = await partsOf(request.headers.get('content-type') ?? '', body.bytes)
  if ('problem' in parts) return invalid({ field: 'body', message: parts.problem })

  const { data: fields, error } = LessonFields.safeParse(parts.fields)
  const errors = [...fieldErrors(error), ...audioErrors(parts)]
  const { audioBytes } = parts
  if (audioBytes === undefined) {
    return fields === undefined || errors.length > 0
      ? invalid(...errors)
      : { kind: 'request', request: { fields, audio: undefined } }
  }

  if (audioBytes.length > MAX_AUDIO_BYTES) return { kind: 'too-large' }
  const audio = await inspectAudio(audioBytes)
  if (audio !== undefined && isVoiceTooLong(audio.durationSeconds)) {
    const message = `is ${Math.ceil(audio.durationSeconds)} s long, ${MAX_VOICE_SECONDS} s at most`
    errors.push({ field: 'audio', message })
  }
  if (fields === undefined || errors.length > 0) return invalid(...errors)
  if (audio === undefined) return { kind: 'unsupported-audio' }
  return { kind: 'request', request: { fields, audio } }
}

function fieldErrors(error: z.ZodError | undefined): WrongField[] {
  return (error?.issues ?? []).map((issue) => ({
    field: issue.path.join('.') || 'body',
    message: issue.message,
  }))
}

function audioErrors({ fields, audioBytes, audioProblem }: LessonParts): WrongField[] {
  if (audioProblem !== undefined) return [{ field: 'audio', message: audioProblem }]
  const hasText = fields.text !== undefined
  if (hasText !== (audioBytes !== undefined)) return []
  return [{ field: 'audio', message: 'exactly one of `audio` and `text` is required' }]
}

/** What makes two requests the same: the parsed fields and the audio, never the raw body. */
export function requestHash({ fields, audio }: LessonRequest): Uint8Array {
  const { user_id, text, include_audio, native_language, level } = fields
  const hash = createHash('sha256')
  hash.update(JSON.stringify([user_id, text, include_audio, native_language, level]))
  if (audio !== undefined) hash.update(audio.bytes)
  return new Uint8Array(hash.digest())
}

type LessonParts = {
  fields: Record<string, unknown>
  audioBytes?: Uint8Array
  audioProblem?: string
}
type Parts = LessonParts | { problem: string }

const TOO_LONG = { problem: `must have ${MAX_TEXT_BODY_BYTES} bytes at most without audio` }

async function partsOf(contentType: string, bytes: Uint8Array): Promise<Parts> {
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
      return { problem: 'must be multipart/form-data, or application/json for a text' }
  }
}

async function formParts(contentType: string, bytes: Uint8Array): Promise<Parts> {
  const headers = { 'content-type': contentType }
  const form = await new Response(new Uint8Array(bytes), { headers })
    .formData()
    // A malformed form is the caller's problem; the parser's own messages differ between versions.
    .catch(() => undefined)
  if (form === undefined) return { problem: 'is not valid multipart/form-data' }
  // A set, because four megabytes have room for a million names.
  const names = new Set<string>()
  const duplicate = [...form.keys()].find((name) => names.has(name) || !names.add(name))
  if (duplicate !== undefined) return { problem: `has \`${duplicate}\` more than once` }
  const audio = form.get('audio')
  form.delete('audio')
  const fields = Object.fromEntries(
    [...form.entries()].map(([name, value]) => [name, typeof value === 'string' ? value : null]),
  )
  if (audio === null) return { fields }
  if (typeof audio === 'string') return { fields, audioProblem: 'must be a file' }
  return { fields, audioBytes: new Uint8Array(await audio.arrayBuffer()) }
}

function jsonParts(bytes: Uint8Array): Parts {
  const { data } = z.record(z.string(), z.unknown()).safeParse(readJson(bytes))
  if (data === undefined) return { problem: 'is not a JSON object' }
  const { audio, ...fields } = data
  if (audio !== undefined) return { fields, audioProblem: 'needs multipart/form-data' }
  return { fields }
}

function invalid(...errors: WrongField[]): ReadRequest {
  return { kind: 'invalid', errors }
}

import { createHash } from 'node:crypto'
import type { Audio, InspectAudio } from '../../app/lesson/audio.ts'
import { unplayedFormatOf } from '../../app/lesson/sound-format.ts'
import { isVoiceTooLong, MAX_VOICE_SECONDS } from '../../domain/lesson/limits.ts'
import { readBytes } from '../body.ts'
import { checkFields, type LessonFields, type WrongField } from './fields.ts'
import { type LessonParts, partsOf } from './parts.ts'

/** The platform takes requests of 4.5 MB; this leaves room for the other fields. */
export const MAX_AUDIO_BYTES = 4 * 1024 * 1024
const MAX_BODY_BYTES = MAX_AUDIO_BYTES + 256 * 1024

export type LessonRequest = { fields: LessonFields; audio: Audio | undefined }

export type ReadRequest =
  | { kind: 'request'; request: LessonRequest }
  | { kind: 'invalid'; errors: WrongField[] }
  | { kind: 'too-large' }
  | { kind: 'unsupported-audio'; format: string | undefined }

/** Reads and checks a request as a whole: every wrong field is reported at once. Never throws. */
export async function readLessonRequest(
  request: Request,
  inspectAudio: InspectAudio,
): Promise<ReadRequest> {
  const body = await readBytes(request, MAX_BODY_BYTES)
  if (!body.isWhole) return { kind: 'too-large' }
  const parts = await partsOf(request.headers, body.bytes)
  if ('wrongField' in parts) return invalid(parts.wrongField)

  const { fields, wrongFields } = checkFields(parts.fields)
  const errors = [...wrongFields, ...audioErrors(parts)]
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
  if (audio === undefined) {
    return { kind: 'unsupported-audio', format: unplayedFormatOf(audioBytes) }
  }
  return { kind: 'request', request: { fields, audio } }
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

function invalid(...errors: WrongField[]): ReadRequest {
  return { kind: 'invalid', errors }
}

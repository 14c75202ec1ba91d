import { randomUUID } from 'node:crypto'
import type { ApiKey, ApiKeys } from '../../app/api-keys.ts'
import type { InspectAudio } from '../../app/lesson/audio.ts'
import type { Answer, EventsAnswer } from '../answer.ts'
import type { BaseDeps } from '../answering.ts'
import { wantsEvents } from '../event-stream.ts'
import { type Problem, problem } from '../problem.ts'
import { bearerOf } from '../secret.ts'
import { type AdmissionDeps, admit } from './admission.ts'
import type { WrongField } from './fields.ts'
import { MAX_AUDIO_BYTES, type ReadRequest, readLessonRequest } from './request.ts'
import { answerAtTheEnd, answerByEvents, type TellDeps } from './tell.ts'

export type LessonApiDeps = BaseDeps &
  AdmissionDeps &
  TellDeps & { apiKeys: ApiKeys; inspectAudio: InspectAudio }

const KEY_FORM = /^[\x21-\x7e]{1,255}$/

/**
 * `POST /api/v1/lessons/process`: a lesson by voice or text.
 *
 * The request is a job that its own call claims. The same `Idempotency-Key` with the same request
 * replays the answer, so a client that was cut off asks again and pays nothing. To `Accept:
 * text/event-stream` the lesson is told while it happens.
 */
export async function processLesson(
  request: Request,
  deps: LessonApiDeps,
): Promise<Answer | EventsAnswer | Problem> {
  const apiKey = await deps.apiKeys.authenticate(bearerOf(request) ?? '')
  if (apiKey === undefined) {
    const detail = 'Send an API key as `Authorization: Bearer <key>`.'
    return problem('unauthorized', { detail }, { 'www-authenticate': 'Bearer' })
  }
  const outcome = await processFor(apiKey, request, deps)
  return outcome.kind === 'problem' ? { logFields: { api_key_id: apiKey.id }, ...outcome } : outcome
}

async function processFor(
  apiKey: ApiKey,
  request: Request,
  deps: LessonApiDeps,
): Promise<Answer | EventsAnswer | Problem> {
  const key = request.headers.get('idempotency-key') ?? randomUUID()
  const wrongKey = wrongFormOf(key)
  const read = await readLessonRequest(request, deps.inspectAudio)
  if (read.kind !== 'request') return problemOfRead(read, wrongKey)
  if (wrongKey.length > 0) return invalid(wrongKey)

  const admission = await admit(deps, apiKey, key, read.request)
  if (admission.kind === 'problem') return withKey(key, admission)
  return wantsEvents(request)
    ? withKey(key, answerByEvents(deps, admission.job))
    : withKey(key, await answerAtTheEnd(deps, admission.job))
}

function wrongFormOf(key: string): WrongField[] {
  if (KEY_FORM.test(key)) return []
  return [{ field: 'Idempotency-Key', message: 'must have 1 to 255 visible ASCII characters' }]
}

function problemOfRead(
  read: Exclude<ReadRequest, { kind: 'request' }>,
  wrongKey: WrongField[],
): Problem {
  switch (read.kind) {
    case 'too-large': {
      const detail = `The audio may have ${MAX_AUDIO_BYTES} bytes at most.`
      return problem('audio_too_large', { detail })
    }
    case 'unsupported-audio': {
      const name = read.format === undefined ? '' : `This is ${read.format}. `
      const detail = `${name}Send Ogg/Opus, MP3, M4A, WAV, FLAC or WebM that can be played.`
      return problem('unsupported_audio', { detail })
    }
    case 'invalid':
      return invalid([...wrongKey, ...read.errors])
  }
}

function invalid(errors: WrongField[]): Problem {
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ')
  return problem('invalid_request', { detail, errors })
}

/** Adds the key by which the client can ask for the same lesson again. */
function withKey<Outcome extends Answer | EventsAnswer | Problem>(
  key: string,
  outcome: Outcome,
): Outcome {
  return { ...outcome, headers: { ...outcome.headers, 'idempotency-key': key } }
}

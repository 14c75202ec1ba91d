import { randomUUID } from 'node:crypto'
import type { ApiKey, ApiKeys } from '../../app/api-keys.ts'
import type { Inbox, NewJob, StoredJob, Wake } from '../../app/jobs/inbox.ts'
import type { JobKey } from '../../app/jobs/job.ts'
import type { Journal } from '../../app/jobs/journal.ts'
import type { Learners } from '../../app/learner/learners.ts'
import type { InspectAudio } from '../../app/lesson/audio.ts'
import type { Sleep } from '../../app/ports.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { type Asked, type BaseDeps, detailsOf, problemCode, problemOf } from '../answering.ts'
import { eventStream, wantsEvents } from '../event-stream.ts'
import { problem } from '../problem.ts'
import { bearerOf } from '../secret.ts'
import { listeningClient, patientClient } from './events.ts'
import type { ApiJob, StoredAnswer } from './handler.ts'
import { ANSWER, type LessonListeners, type Listener } from './listeners.ts'
import {
  type LessonRequest,
  MAX_AUDIO_BYTES,
  readLessonRequest,
  requestHash,
  type WrongField,
} from './request.ts'

export type LessonApiDeps = BaseDeps & {
  inbox: Inbox
  journal: Journal
  learners: Learners
  apiKeys: ApiKeys
  listeners: LessonListeners
  inspectAudio: InspectAudio
  drain(lane: string, last?: JobKey): Promise<void>
  wake: Wake
  beside(what: string, work: () => Promise<void>): void
  sleep: Sleep
}

/** How long a request waits for the same one that runs elsewhere, before it is told so. */
const WAIT_POLLS = 50
const POLL_MS = 500

const KEY_FORM = /^[\x21-\x7e]{1,255}$/

/**
 * `POST /api/v1/lessons/process`: a lesson by voice or text.
 *
 * The request is a job that its own call claims. The same `Idempotency-Key` with the same request
 * replays the answer, so whoever was cut off asks again and pays nothing. To `Accept: text/event-stream`
 * the lesson is told while it happens.
 */
export async function processLesson(
  request: Request,
  deps: LessonApiDeps,
  { requestId }: Asked,
): Promise<Response> {
  const apiKey = await deps.apiKeys.authenticate(bearerOf(request) ?? '')
  if (apiKey === undefined) {
    const headers = { 'www-authenticate': 'Bearer' }
    const detail = 'Send an API key as `Authorization: Bearer <key>`.'
    return problem('unauthorized', requestId, { detail, headers })
  }
  const key = request.headers.get('idempotency-key') ?? randomUUID()
  const wrongKey = wrongFormOf(key)
  const read = await readLessonRequest(request, deps.inspectAudio)
  switch (read.kind) {
    case 'too-large': {
      const detail = `The audio may have ${MAX_AUDIO_BYTES} bytes at most.`
      return problem('audio_too_large', requestId, { detail })
    }
    case 'unsupported-audio': {
      const detail = 'Send Ogg/Opus, MP3, M4A, WAV or WebM that can be played.'
      return problem('unsupported_audio', requestId, { detail })
    }
    case 'invalid':
      return invalid(requestId, [...wrongKey, ...read.errors])
  }
  if (wrongKey.length > 0) return invalid(requestId, wrongKey)
  const admitted = await admit(deps, apiKey, key, read.request, requestId)
  const response =
    admitted instanceof Response
      ? admitted
      : wantsEvents(request)
        ? toldByEvents(deps, admitted, requestId)
        : await toldAtTheEnd(deps, admitted, requestId)
  response.headers.set('idempotency-key', key)
  return response
}

/** Stores the request as a job; a problem where it cannot be one. */
async function admit(
  deps: LessonApiDeps,
  apiKey: ApiKey,
  key: string,
  request: LessonRequest,
  requestId: string,
): Promise<NewJob | Response> {
  const { inbox, learners } = deps
  const learner = await learnerOf(learners, apiKey, request)
  if (learner === undefined) {
    const detail = `No learner with the Telegram id ${request.fields.user_id} has pressed /start.`
    return problem('unknown_learner', requestId, { detail })
  }
  const job = jobOf(apiKey, key, request, learner)
  if ((await inbox.add(job)) === 'duplicate') {
    const earlier = await inbox.find(job.source, key)
    if (earlier && !isSame(earlier.requestHash, job.requestHash)) {
      const detail = 'This Idempotency-Key was used for another request. Use a new one.'
      return problem('idempotency_mismatch', requestId, { detail })
    }
    if (earlier && (await wantsAnotherRun(deps, earlier))) await inbox.reopen(job, earlier)
  }
  return job
}

async function toldAtTheEnd(
  deps: LessonApiDeps,
  job: NewJob,
  requestId: string,
): Promise<Response> {
  // It may have gone as well, but nobody tells us.
  const listener = { audience: patientClient, hasLeft: () => false }
  return lessonOnce(deps, job, listener, requestId)
}

function toldByEvents(deps: LessonApiDeps, job: NewJob, requestId: string): Response {
  const stream = eventStream({ 'x-request-id': requestId })
  const { send, hasLeft } = stream
  const listener = { audience: listeningClient(send), hasLeft }
  // The client may leave before it is over.
  deps.beside('streamed_lesson', async () => {
    const response = await lessonOnce(deps, job, listener, requestId, stream.idle).catch(
      (error: unknown) => problemOf(error, requestId, deps),
    )
    send(response.ok ? 'done' : 'error', await response.json())
    stream.end()
  })
  return stream.response
}

async function lessonOnce(
  deps: LessonApiDeps,
  job: NewJob,
  listener: Listener,
  requestId: string,
  onPoll = () => {},
): Promise<Response> {
  const stopListening = deps.listeners.add(job, listener)
  try {
    // The learner's later requests do not hold this one's answer up.
    await deps.drain(job.lane, job)
    const response = await answerOf(deps, job, requestId, onPoll)
    deps.wake(job.lane)
    return response
  } finally {
    stopListening()
  }
}

/** A failed job is run again, and so is one that was refused only for that day. */
async function wantsAnotherRun({ journal }: LessonApiDeps, job: StoredJob): Promise<boolean> {
  if (job.state !== 'done') return job.state === 'dead'
  const answer = (await journal.find(job.id, ANSWER)) as StoredAnswer | undefined
  return answer?.kind === 'problem' && answer.code === 'quota_used_up'
}

/** The stored answer, once there is one; the job may be running in another process, or wait for its turn. */
async function answerOf(
  deps: LessonApiDeps,
  job: NewJob,
  requestId: string,
  onPoll: () => void,
): Promise<Response> {
  for (let poll = 0; poll < WAIT_POLLS; poll += 1) {
    const answer = await endOf(deps, job, requestId)
    if (answer !== undefined) return answer
    onPoll()
    await deps.sleep(POLL_MS)
    // Whoever ran it may have died: then it is ours to go on with.
    await deps.drain(job.lane, job)
  }
  const detail =
    'This request waits for its turn or is still running. Ask again with the same Idempotency-Key.'
  const inProgress = { detail, retryAfterSeconds: 5 }
  return (await endOf(deps, job, requestId)) ?? problem('in_progress', requestId, inProgress)
}

async function endOf(
  { inbox, journal }: LessonApiDeps,
  { source, key }: NewJob,
  requestId: string,
): Promise<Response | undefined> {
  const job = await inbox.find(source, key)
  if (job?.state === 'dead') return failure(job, requestId)
  const answer = job?.state === 'done' ? await journal.find(job.id, ANSWER) : undefined
  return answer === undefined ? undefined : respond(answer as StoredAnswer, requestId)
}

function respond(answer: StoredAnswer, requestId: string): Response {
  if (answer.kind === 'problem') return problem(answer.code, requestId, answer.details)
  return Response.json(answer.body, { headers: { 'x-request-id': requestId } })
}

function failure({ lastError }: StoredJob, requestId: string): Response {
  const code = problemCode(/^[\w-]+/.exec(lastError ?? '')?.[0] ?? '')
  return problem(code, requestId, detailsOf(code, undefined))
}

async function learnerOf(
  learners: Learners,
  apiKey: ApiKey,
  { fields }: LessonRequest,
): Promise<Learner | undefined> {
  const { user_id: userId, native_language: nativeLanguage, level } = fields
  if (!apiKey.telegramLearners) {
    return learners.forApiKey(apiKey.id, userId, { nativeLanguage, level })
  }
  // Digits only: for Number, `0x2a` and `42.0` are 42 as well.
  const telegramId = /^\d+$/.test(userId) ? Number(userId) : Number.NaN
  return Number.isSafeInteger(telegramId) ? learners.findByTelegramId(telegramId) : undefined
}

function jobOf(
  apiKey: ApiKey,
  key: string,
  request: LessonRequest,
  { id: learnerId }: Learner,
): NewJob {
  const {
    text,
    include_audio: includeAudio,
    native_language: nativeLanguage,
    level,
  } = request.fields
  const job: ApiJob = { learnerId, text, includeAudio, nativeLanguage, level }
  return {
    source: `api:${apiKey.id}`,
    key,
    lane: `learner:${learnerId}`,
    payload: new TextEncoder().encode(JSON.stringify(job)),
    requestHash: requestHash(request),
    ...(request.audio && { attachment: request.audio.bytes }),
  }
}

function isSame(one: Uint8Array | null, other: Uint8Array | undefined): boolean {
  return one !== null && other !== undefined && Buffer.compare(one, other) === 0
}

function wrongFormOf(key: string): WrongField[] {
  if (KEY_FORM.test(key)) return []
  return [{ field: 'Idempotency-Key', message: 'must have 1 to 255 visible ASCII characters' }]
}

function invalid(requestId: string, errors: WrongField[]): Response {
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ')
  return problem('invalid_request', requestId, { detail, errors })
}

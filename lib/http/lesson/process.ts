import { randomUUID } from 'node:crypto'
import type { ApiKey, ApiKeys } from '../../app/api-keys.ts'
import type { Inbox, NewJob, StoredJob, Wake } from '../../app/jobs/inbox.ts'
import type { JobKey } from '../../app/jobs/job.ts'
import type { Journal } from '../../app/jobs/journal.ts'
import type { Learners } from '../../app/learner/learners.ts'
import type { InspectAudio } from '../../app/lesson/audio.ts'
import type { Sleep } from '../../app/ports.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import type { Answer, EventsAnswer } from '../answer.ts'
import type { BaseDeps } from '../answering.ts'
import { wantsEvents } from '../event-stream.ts'
import { type Problem, problem, problemOfFailure } from '../problem.ts'
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
): Promise<Answer | EventsAnswer | Problem> {
  const apiKey = await deps.apiKeys.authenticate(bearerOf(request) ?? '')
  if (apiKey === undefined) {
    const headers = { 'www-authenticate': 'Bearer' }
    const detail = 'Send an API key as `Authorization: Bearer <key>`.'
    return problem('unauthorized', { detail }, headers)
  }
  const key = request.headers.get('idempotency-key') ?? randomUUID()
  const wrongKey = wrongFormOf(key)
  const read = await readLessonRequest(request, deps.inspectAudio)
  switch (read.kind) {
    case 'too-large': {
      const detail = `The audio may have ${MAX_AUDIO_BYTES} bytes at most.`
      return problem('audio_too_large', { detail })
    }
    case 'unsupported-audio': {
      const detail = 'Send Ogg/Opus, MP3, M4A, WAV or WebM that can be played.'
      return problem('unsupported_audio', { detail })
    }
    case 'invalid':
      return invalid([...wrongKey, ...read.errors])
  }
  if (wrongKey.length > 0) return invalid(wrongKey)
  const admission = await admit(deps, apiKey, key, read.request)
  if (admission.kind === 'problem') return withKey(key, admission)
  return wantsEvents(request)
    ? lessonAsEvents(deps, admission.job)
    : withKey(key, await lessonAtTheEnd(deps, admission.job))
}

/** Names the key by which this request can be repeated. */
function withKey<Outcome extends Answer | Problem>(key: string, outcome: Outcome): Outcome {
  return { ...outcome, headers: { ...outcome.headers, 'idempotency-key': key } }
}

/** Stores the request as a job; a problem where it cannot be one. */
async function admit(
  deps: LessonApiDeps,
  apiKey: ApiKey,
  key: string,
  request: LessonRequest,
): Promise<{ kind: 'job'; job: NewJob } | Problem> {
  const { inbox, learners } = deps
  const learner = await learnerOf(learners, apiKey, request)
  if (learner === undefined) {
    const detail = `No learner with the Telegram id ${request.fields.user_id} has pressed /start.`
    return problem('unknown_learner', { detail })
  }
  const job = jobOf(apiKey, key, request, learner)
  if ((await inbox.add(job)) === 'duplicate') {
    const earlier = await inbox.find(job.source, key)
    if (earlier && !isSame(earlier.requestHash, job.requestHash)) {
      const detail = 'This Idempotency-Key was used for another request. Use a new one.'
      return problem('idempotency_mismatch', { detail })
    }
    if (earlier && (await wantsAnotherRun(deps, earlier))) await inbox.reopen(job, earlier)
  }
  return { kind: 'job', job }
}

async function lessonAtTheEnd(deps: LessonApiDeps, job: NewJob): Promise<Answer | Problem> {
  // Without events nothing says whether the client has left.
  return lessonOnce(deps, job, { audience: patientClient, hasLeft: () => false })
}

function lessonAsEvents(deps: LessonApiDeps, job: NewJob): EventsAnswer {
  return {
    kind: 'events',
    headers: { 'idempotency-key': job.key },
    // The client may leave before it is over.
    runBeside: (work) => deps.beside('streamed_lesson', work),
    send: ({ send, hasLeft, idle }) =>
      lessonOnce(deps, job, { audience: listeningClient(send), hasLeft }, idle),
  }
}

async function lessonOnce(
  deps: LessonApiDeps,
  job: NewJob,
  listener: Listener,
  onPoll = () => {},
): Promise<Answer | Problem> {
  const stopListening = deps.listeners.add(job, listener)
  try {
    // The learner's later requests do not hold this one's answer up.
    await deps.drain(job.lane, job)
    const answer = await answerOf(deps, job, onPoll)
    deps.wake(job.lane)
    return answer
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
  onPoll: () => void,
): Promise<Answer | Problem> {
  for (let poll = 0; poll < WAIT_POLLS; poll += 1) {
    const answer = await endOf(deps, job)
    if (answer !== undefined) return answer
    onPoll()
    await deps.sleep(POLL_MS)
    // Whoever ran it may have died: then it is ours to go on with.
    await deps.drain(job.lane, job)
  }
  const detail =
    'This request waits for its turn or is still running. Ask again with the same Idempotency-Key.'
  const inProgress = { detail, retryAfterSeconds: 5 }
  return (await endOf(deps, job)) ?? problem('in_progress', inProgress)
}

async function endOf(
  { inbox, journal }: LessonApiDeps,
  { source, key }: NewJob,
): Promise<Answer | Problem | undefined> {
  const job = await inbox.find(source, key)
  if (job?.state === 'dead') return failure(job)
  const answer = job?.state === 'done' ? await journal.find(job.id, ANSWER) : undefined
  return answer === undefined ? undefined : outcomeOf(answer as StoredAnswer)
}

function outcomeOf(answer: StoredAnswer): Answer | Problem {
  if (answer.kind === 'problem') return answer
  return { kind: 'answer', body: answer.body, isTraceable: true }
}

function failure({ lastError }: StoredJob): Problem {
  return problemOfFailure(/^[\w-]+/.exec(lastError ?? '')?.[0] ?? '')
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

function invalid(errors: WrongField[]): Problem {
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ')
  return problem('invalid_request', { detail, errors })
}

import type { ApiKey } from '../../app/api-keys.ts'
import { type Inbox, LANE_DEPTH, type NewJob, type StoredJob } from '../../app/jobs/inbox.ts'
import type { Journal } from '../../app/jobs/journal.ts'
import { ANSWER } from '../../app/jobs/journal.ts'
import type { Learners } from '../../app/learner/learners.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { type Problem, problem } from '../problem.ts'
import type { LessonJob, StoredAnswer } from './job-handler.ts'
import { type LessonRequest, requestHash } from './request.ts'

export type AdmissionDeps = { inbox: Inbox; journal: Journal; learners: Learners }

/** Stores a request as a job, or finds the job of an earlier one with its key; a problem where neither can be. */
export async function admit(
  deps: AdmissionDeps,
  apiKey: ApiKey,
  key: string,
  request: LessonRequest,
): Promise<{ kind: 'job'; job: NewJob } | Problem> {
  const { inbox, learners } = deps
  const learner = await learnerOf(learners, apiKey, request)
  if (learner === undefined) return problemOfLearner(apiKey, request)
  const job = jobOf(apiKey, key, request, learner)
  const addition = await inbox.add(job)
  if (addition === 'lane-full') {
    const detail = `${LANE_DEPTH} requests of this learner wait already. Wait for their answers first.`
    return problem('too_many_waiting', { detail, retryAfterSeconds: 60 })
  }
  if (addition === 'duplicate') {
    const earlier = await inbox.find(job.source, key)
    if (earlier && !isSame(earlier.requestHash, job.requestHash)) {
      const detail = 'This Idempotency-Key was used for another request. Use a new one.'
      return problem('idempotency_mismatch', { detail })
    }
    if (earlier && (await needsAnotherRun(deps, earlier))) await inbox.reopen(job, earlier)
  }
  return { kind: 'job', job }
}

async function learnerOf(
  learners: Learners,
  apiKey: ApiKey,
  { fields }: LessonRequest,
): Promise<Learner | undefined> {
  const { user_id: userId, native_language: nativeLanguage, level } = fields
  const { learners: maxLearners } = apiKey.limits
  if (!apiKey.telegramLearners) {
    const settings = { nativeLanguage, level }
    return maxLearners === null
      ? learners.forApiKey(apiKey.id, userId, settings)
      : learners.forLimitedApiKey(apiKey.id, userId, settings, maxLearners)
  }
  // Digits only: for Number, `0x2a` and `42.0` are 42 as well.
  const telegramId = /^\d+$/.test(userId) ? Number(userId) : Number.NaN
  return Number.isSafeInteger(telegramId) ? learners.findByTelegramId(telegramId) : undefined
}

function problemOfLearner(
  { telegramLearners, limits }: ApiKey,
  { fields: { user_id: userId } }: LessonRequest,
): Problem {
  if (telegramLearners) {
    const detail = `No learner with the Telegram id ${userId} has pressed /start.`
    return problem('unknown_learner', { detail })
  }
  const detail = `This key has its ${limits.learners} learners, and ${JSON.stringify(userId)} is none of them.`
  return problem('forbidden', { detail })
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
  const { lessonsPerDay, dailyBudgetMicroUsd } = apiKey.limits
  const isLimited = lessonsPerDay !== null || dailyBudgetMicroUsd !== null
  const job: LessonJob = {
    learnerId,
    text,
    includeAudio,
    nativeLanguage,
    level,
    ...(isLimited && { key: { apiKeyId: apiKey.id, lessonsPerDay, dailyBudgetMicroUsd } }),
  }
  return {
    source: `api:${apiKey.id}`,
    key,
    lane: `learner:${learnerId}`,
    slots: 'lesson',
    learnerId,
    payload: new TextEncoder().encode(JSON.stringify(job)),
    requestHash: requestHash(request),
    ...(request.audio && { attachment: request.audio.bytes }),
  }
}

function isSame(earlierHash: Uint8Array | null, hash: Uint8Array | undefined): boolean {
  return earlierHash !== null && hash !== undefined && Buffer.compare(earlierHash, hash) === 0
}

/** A failed job is run again, and so is one that was refused only for that day, or that an operator has discarded. */
async function needsAnotherRun({ journal }: AdmissionDeps, job: StoredJob): Promise<boolean> {
  if (job.state !== 'done') return job.state === 'dead'
  const answer = (await journal.find(job.id, ANSWER)) as StoredAnswer | undefined
  if (answer === undefined) return true
  return answer.kind === 'problem' && answer.code === 'quota_used_up'
}

import { storable } from '../../domain/storable.ts'
import { AppError, type ErrorCode, hasCode } from '../error.ts'
import type { Now } from '../ports.ts'
import type { Job } from './job.ts'
import type { Timings } from './timings.ts'

/** What becomes of a job whose run failed. */
export type Fate =
  /** The run no longer has its job or its database: it writes nothing more. */
  | { kind: 'lose' }
  /** The client has left: the job ends, and runs again when it is asked for again. */
  | { kind: 'abandon' }
  /** The job is dead. */
  | { kind: 'bury' }
  /** The job is done as far as it can be: its sender has closed the chat. */
  | { kind: 'leave' }
  /** The job waits for an operator to put a provider right; null where no wait was asked for. */
  | { kind: 'park'; afterMs: number | null }
  | Postponement

/** The job is tried again; `tellsSender`: its sender hears of the delay. */
export type Postponement = {
  kind: 'postpone'
  afterMs: number
  countsAttempt: boolean
  tellsSender: boolean
}

/**
 * The failed run: `attempts` has it counted; `postponements` are the runs before it that counted none; `jitter` is
 * random, 0 <= x < 1.
 */
export type Circumstances = {
  attempts: number
  postponements: number
  ageMs: number
  jitter: number
}

export type Policy = {
  /** False where the sender hears of a failure at once and asks again. */
  retriesFailures: boolean
  timings: Timings
}

type Consequence = {
  /**
   * What becomes of the job, while it is not too old. An outage is over some time, so it is waited for; a retry may
   * fail as often as a job may be tried.
   */
  job: 'lose' | 'abandon' | 'leave' | 'bury' | 'park' | 'outage' | 'retry'
  /** False where a message whose sending failed so has certainly not been sent. */
  isPossiblySent: boolean
  /** The sender hears of it, once a job, so as not to send the same again: at the first failure, or of an outage that lasts. */
  tellsOfDelay?: 'at once' | 'where it lasts'
  /** A requested wait does not grow with the job's age: what is waited for ends as soon for an old job. */
  isAgeless?: boolean
}

/**
 * What each error code means for a job and for a message in flight.
 *
 * Telegram's refusals and a connection never made prove that nothing was sent. Of a short delay by Telegram the sender
 * hears nothing: it passes sooner than a word about it would arrive. Where it lasts, perhaps only files or edits fail,
 * and a word gets through. What was rejected would be rejected again, while the learner's next message waits behind it. One who has blocked the bot reads no apology. One who was deleted
 * while the message came is met anew by the next run.
 */
const CONSEQUENCES: Record<ErrorCode, Consequence> = {
  'alert-undelivered': { job: 'outage', isPossiblySent: true },
  'audio-rejected': { job: 'retry', isPossiblySent: true },
  'budget-held-back': {
    job: 'outage',
    isPossiblySent: true,
    tellsOfDelay: 'where it lasts',
    isAgeless: true,
  },
  'client-left': { job: 'abandon', isPossiblySent: true },
  'database-unavailable': { job: 'lose', isPossiblySent: true },
  'learner-gone': { job: 'retry', isPossiblySent: true },
  'lease-lost': { job: 'lose', isPossiblySent: true },
  'lesson-gone': { job: 'leave', isPossiblySent: true },
  misconfigured: { job: 'bury', isPossiblySent: true },
  'provider-failed': { job: 'outage', isPossiblySent: true, tellsOfDelay: 'at once' },
  'provider-parked': { job: 'park', isPossiblySent: true },
  'provider-quota-exhausted': { job: 'park', isPossiblySent: true },
  'provider-rate-limited': { job: 'outage', isPossiblySent: true, tellsOfDelay: 'at once' },
  'provider-refused': { job: 'retry', isPossiblySent: true },
  'provider-rejected': { job: 'bury', isPossiblySent: true },
  'provider-timeout': { job: 'outage', isPossiblySent: true, tellsOfDelay: 'at once' },
  'provider-unauthorized': { job: 'park', isPossiblySent: true },
  'provider-unusable': { job: 'bury', isPossiblySent: true },
  'send-given-up': { job: 'bury', isPossiblySent: true },
  'telegram-bad-entities': { job: 'retry', isPossiblySent: false },
  'telegram-blocked': { job: 'leave', isPossiblySent: false },
  'telegram-failed': { job: 'outage', isPossiblySent: true, tellsOfDelay: 'where it lasts' },
  'telegram-rate-limited': { job: 'outage', isPossiblySent: false },
  'telegram-rejected': { job: 'bury', isPossiblySent: false },
  'telegram-unauthorized': { job: 'outage', isPossiblySent: false },
  'telegram-unreachable': { job: 'outage', isPossiblySent: false },
  'telegram-voice-forbidden': { job: 'retry', isPossiblySent: false },
}

/** A bug of ours: nothing is known of it. */
const UNEXPECTED: Consequence = { job: 'retry', isPossiblySent: true }

const BURY: Fate = { kind: 'bury' }

/** Decides what becomes of a job whose run failed with this error. */
export function fateOf(
  error: unknown,
  { attempts, postponements, ageMs, jitter }: Circumstances,
  policy: Policy,
): Fate {
  const { retriesFailures, timings } = policy
  const { job, tellsOfDelay, isAgeless } = consequenceOf(error)
  const requestedMs = error instanceof AppError ? error.retryAfterMs : undefined

  if (job === 'lose' || job === 'abandon') return { kind: job }
  if (!retriesFailures) return BURY
  if (job === 'leave') return { kind: 'leave' }
  if (job === 'bury' || ageMs > timings.giveUpAfterMs) return BURY
  // The wait of a parked job does not grow with its age: one of them has to ask in time for all.
  if (job === 'park') {
    const isAsked = requestedMs !== undefined
    return { kind: 'park', afterMs: isAsked ? boundedWaitMs(requestedMs, 0, timings) : null }
  }
  const lasts = postponements >= timings.lastingPostponements
  const tellsSender = tellsOfDelay === 'at once' || (tellsOfDelay === 'where it lasts' && lasts)
  if (requestedMs !== undefined) {
    const afterMs = boundedWaitMs(requestedMs, isAgeless ? 0 : ageMs, timings)
    return { kind: 'postpone', afterMs, countsAttempt: false, tellsSender }
  }
  if (job === 'outage') {
    const afterMs = outageWaitMs(error, postponements, jitter, timings)
    return { kind: 'postpone', afterMs, countsAttempt: false, tellsSender }
  }
  if (attempts >= timings.maxAttempts) return BURY
  const afterMs = backoffMs(attempts, jitter, timings)
  return { kind: 'postpone', afterMs, countsAttempt: true, tellsSender }
}

/**
 * Decides what becomes of a job that the database has interrupted. Nothing is wrong with the job, so no attempt
 * is counted before it is a day old.
 */
export function fateOfInterrupted({ ageMs }: { ageMs: number }, timings: Timings): Postponement {
  const afterMs = boundedWaitMs(timings.outageWaitMinMs, ageMs, timings)
  const countsAttempt = ageMs > timings.giveUpAfterMs
  return { kind: 'postpone', afterMs, countsAttempt, tellsSender: false }
}

/** Tells whether a message may have been sent although its sending failed with this error. */
export function isPossiblySent(error: unknown): boolean {
  return consequenceOf(error).isPossiblySent
}

/** Tells whether a run that failed with this error no longer has its job or its database. */
export function isLost(error: unknown): boolean {
  return consequenceOf(error).job === 'lose'
}

/** The error as the inbox stores it: `<code>: <message>`. */
export function describeError(error: unknown): string {
  if (error instanceof AppError) return storable(`${error.code}: ${error.message}`)
  return storable(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
}

/** Milliseconds since the job arrived. */
export function ageMsOf({ receivedAt }: Pick<Job, 'receivedAt'>, now: Now): number {
  return now().getTime() - receivedAt.getTime()
}

function consequenceOf(error: unknown): Consequence {
  return error instanceof AppError ? CONSEQUENCES[error.code] : UNEXPECTED
}

// A requested wait is no attempt, so it has other bounds: never a hammering, never a lane held for a day, and
// ever longer for a provider that keeps requesting little.
function boundedWaitMs(requestedMs: number, ageMs: number, timings: Timings): number {
  const { outageWaitMinMs, outageWaitMaxMs, askedWaitAgeShare } = timings
  return Math.min(
    outageWaitMaxMs,
    Math.max(requestedMs, outageWaitMinMs, ageMs * askedWaitAgeShare),
  )
}

// A message that may have been sent is not sent again while the same hiccup lasts.
function outageWaitMs(
  error: unknown,
  postponements: number,
  jitter: number,
  timings: Timings,
): number {
  return Math.max(leastWaitMs(error, timings), backoffMs(postponements + 1, jitter, timings))
}

function leastWaitMs(error: unknown, timings: Timings): number {
  if (!hasCode(error, 'telegram-failed')) return timings.outageWaitMinMs
  const { sendAgainAfterMs, sendAgainFactor, outageWaitMaxMs } = timings
  return Math.min(outageWaitMaxMs, sendAgainAfterMs * sendAgainFactor ** ((error.sends ?? 1) - 1))
}

// Full jitter: many jobs that failed together do not come back together.
function backoffMs(failures: number, jitter: number, timings: Timings): number {
  const capMs = timings.backoffFirstMs * timings.backoffFactor ** (failures - 1)
  return jitter * Math.min(capMs, timings.outageWaitMaxMs)
}

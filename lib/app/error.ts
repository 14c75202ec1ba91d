import type { Stage } from './usage.ts'

/** What went wrong, in words that the edges turn into status codes and apologies. */
export type ErrorCode =
  | 'alert-undelivered'
  | 'audio-rejected'
  | 'budget-held-back'
  | 'client-left'
  | 'database-unavailable'
  | 'learner-gone'
  | 'lease-lost'
  | 'lesson-gone'
  | 'misconfigured'
  | 'provider-failed'
  | 'provider-parked'
  | 'provider-quota-exhausted'
  | 'provider-rate-limited'
  | 'provider-refused'
  | 'provider-rejected'
  | 'provider-timeout'
  | 'provider-unauthorized'
  | 'provider-unusable'
  | 'send-given-up'
  | 'telegram-bad-entities'
  | 'telegram-blocked'
  | 'telegram-failed'
  | 'telegram-rate-limited'
  | 'telegram-rejected'
  | 'telegram-unauthorized'
  | 'telegram-unreachable'
  | 'telegram-voice-forbidden'

/**
 * A fault that carries its code, and how long the one who refused asked us to wait.
 *
 * What a learner can cause is a returned value, never one of these.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  /** Milliseconds that the other side asked us to wait (`Retry-After`, `retry_after`). */
  readonly retryAfterMs: number | undefined
  /** The stage of a lesson whose provider has failed. */
  readonly stage: Stage | undefined
  /** How often a message has been sent whose sending has failed so, without its outcome being known. */
  readonly sends: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown
      retryAfterMs?: number | undefined
      stage?: Stage
      sends?: number
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.retryAfterMs = options.retryAfterMs
    this.stage = options.stage
    this.sends = options.sends
  }
}

/** Awaits work; a failure with one of the codes gives way to `instead`, and every other one passes. */
export async function recover<T, U = T>(
  work: Promise<T>,
  codes: readonly ErrorCode[],
  instead: (error: AppError) => U | Promise<U>,
): Promise<T | U> {
  try {
    return await work
  } catch (error) {
    // The plan goes on without the work: with what the caller has instead.
    if (!hasCode(error, ...codes)) throw error
    return instead(error)
  }
}

/** Tells whether an error is ours and has one of these codes. */
export function hasCode(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && codes.includes(error.code)
}

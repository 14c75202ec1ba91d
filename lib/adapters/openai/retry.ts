import pRetry from 'p-retry'
import { AppError, hasCode } from '../../app/error.ts'
import type { Log, Random, Sleep } from '../../app/ports.ts'
import type { PaidWork, Stage } from '../../app/usage.ts'

/** The longest waits before the second, third and fourth call, in milliseconds. */
const WAIT_CAPS_MS = [1_000, 2_000, 4_000]

/**
 * Calls a provider up to four times under one deadline, waiting up to 1, 2 and 4 s in between.
 *
 * Waits have full jitter: p-retry's own `randomize` only stretches them, so they are ours. A wait
 * that the provider asked for is kept where it fits what is left of the deadline; where no wait
 * fits, the error is thrown at once. The call gets a signal that aborts at the deadline and with
 * `options.signal`. Throws AppError 'provider-timeout' at the deadline, the reason of
 * `options.signal` once that aborts, else the last error.
 */
export async function retrying<T>(
  options: RetryOptions,
  call: (signal: AbortSignal, attempt: number) => Promise<T>,
): Promise<T> {
  const { stage, deadlineMs } = options
  options.signal.throwIfAborted()
  const endsAt = performance.now() + deadlineMs
  const deadline = AbortSignal.timeout(deadlineMs)
  const signal = AbortSignal.any([options.signal, deadline])
  let attempts = 0

  try {
    // p-retry gets no signal: with one it would throw away a paid result that came just in time.
    return await pRetry(
      (attempt) => {
        attempts = attempt
        return call(signal, attempt)
      },
      {
        retries: WAIT_CAPS_MS.length,
        minTimeout: 0,
        onFailedAttempt: ({ error }) => countFailure(options, error, signal),
        shouldRetry: ({ error, attemptNumber: attempt }) =>
          waitForRetry(options, { error, attempt, endsAt, signal }),
      },
    )
  } catch (error) {
    // What an abort has interrupted fails by the abort: the caller gets its reason, or the deadline.
    options.signal.throwIfAborted()
    if (!deadline.aborted) throw error
    options.measures?.count('provider_errors', { stage, code: 'provider-timeout' })
    const count = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`
    const message = `${stage}: no answer within ${deadlineMs} ms, after ${count}`
    throw new AppError('provider-timeout', message, { cause: error })
  }
}

type RetryOptions = {
  stage: Stage
  deadlineMs: number
  signal: AbortSignal
  log: Log
  sleep: Sleep
  random: Random
  measures?: PaidWork['measures']
}

type FailedCall = { error: Error; attempt: number; endsAt: number; signal: AbortSignal }

/** Waits until a call may be made again; false where that is no use, or the wait does not fit the deadline. */
async function waitForRetry(
  { stage, log, sleep, random, measures }: RetryOptions,
  { error, attempt, endsAt, signal }: FailedCall,
): Promise<boolean> {
  if (signal.aborted || !isTransient(error)) return false
  const delayMs = error.retryAfterMs ?? random() * (WAIT_CAPS_MS[attempt - 1] ?? 0)
  if (delayMs >= endsAt - performance.now()) return false
  const fields = { stage, attempt, delay_ms: Math.round(delayMs), code: error.code }
  log.warn('provider_retry', fields)
  measures?.count('retries', { stage })
  await sleep(delayMs, signal)
  return true
}

/**
 * Counts a call that has failed; not one that was never made, nor one that was broken off, whose deadline is counted when it is
 * over.
 */
function countFailure({ stage, measures }: RetryOptions, error: Error, signal: AbortSignal): void {
  if (signal.aborted || !(error instanceof AppError) || !error.code.startsWith('provider-')) return
  measures?.count('provider_errors', { stage, code: error.code })
}

function isTransient(error: Error): error is AppError {
  return hasCode(error, 'provider-failed', 'provider-rate-limited', 'provider-timeout')
}

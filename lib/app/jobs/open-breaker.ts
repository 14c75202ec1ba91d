import { hasCode } from '../error.ts'
import type { Log } from '../ports.ts'
import type { Breaker } from './breaker.ts'
import { describeError } from './failure.ts'

/**
 * Opens a stage's breaker where an operator has to put its provider right, and alerts once; milliseconds until it is
 * to be asked again, undefined where the error says nothing of the kind.
 */
export async function openBreaker(
  { breaker, log }: { breaker: Pick<Breaker, 'open'>; log: Log },
  error: unknown,
): Promise<number | undefined> {
  if (!hasCode(error, 'provider-quota-exhausted', 'provider-unauthorized')) return undefined
  if (error.stage === undefined) return undefined
  const { isNew, probeInMs } = await breaker.open(error.stage, error.code)
  // Once for all that the provider refuses from here on.
  if (isNew) {
    log.error('provider_blocked', { alert: true, stage: error.stage, error: describeError(error) })
  }
  return probeInMs
}

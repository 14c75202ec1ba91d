import { hasCode } from '../error.ts'
import type { Log } from '../ports.ts'
import { describeError } from './failure.ts'

const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 60_000

/**
 * Makes the sweeps that no caller awaits: where the database cannot be used they say so once, with the reason, and come
 * ever more rarely until it can.
 */
export function quietSweeps(
  { log, monotonicMs }: { log: Log; monotonicMs(): number },
  sweep: () => Promise<unknown>,
): () => Promise<void> {
  let waitMs = 0
  let nextAtMs = Number.NEGATIVE_INFINITY

  function postpone(error: unknown): void {
    if (waitMs === 0) log.warn('database_away', { error: describeError(error) })
    waitMs = Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS, waitMs * 2))
    nextAtMs = monotonicMs() + waitMs
  }

  return async () => {
    if (monotonicMs() < nextAtMs) return
    try {
      await sweep()
    } catch (error) {
      // The next sweep does what this one could not.
      if (!hasCode(error, 'database-unavailable')) throw error
      return postpone(error)
    }
    if (waitMs > 0) log.info('database_back')
    waitMs = 0
  }
}

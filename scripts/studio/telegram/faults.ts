import type { Payload } from './objects.ts'

/**
 * What goes wrong with a call, before its effect takes place (default) or after, as `when` says.
 *
 * - error: an error answer. With `body`, that text instead of Telegram's JSON, as a broken proxy gives.
 * - hang: no answer until the caller leaves.
 * - reset: the connection is torn down; 'midway' does it after half the answer.
 * - slow: the effect at once, the answer `ms` milliseconds later.
 */
export type Fault =
  | {
      kind: 'error'
      status: number
      description?: string
      retryAfterSeconds?: number
      body?: string
      when?: 'before' | 'after'
    }
  | { kind: 'hang'; when?: 'before' | 'after' }
  | { kind: 'reset'; when?: 'before' | 'after' | 'midway' }
  | { kind: 'slow'; ms: number }

/** Which calls meet a fault: those of a method, or those that pass a test. The method of a download is 'downloadFile'. */
export type CallMatcher = string | ((call: { method: string; payload: Payload }) => boolean)

export type ArrangedFault = {
  /** How many calls will still meet the fault. */
  remaining: () => number
  cancel: () => void
}

/** Keeps the arranged faults in order; a call meets the first one that matches it. */
export function createFaults() {
  const entries: {
    matches: (call: { method: string; payload: Payload }) => boolean
    fault: Fault
    remaining: number
  }[] = []

  return {
    arrange(matcher: CallMatcher, fault: Fault, times: number): ArrangedFault {
      const matches =
        typeof matcher === 'string'
          ? ({ method }: { method: string }) => method.toLowerCase() === matcher.toLowerCase()
          : matcher
      const entry = { matches, fault, remaining: times }
      entries.push(entry)
      return {
        remaining: () => entry.remaining,
        cancel: () => {
          entry.remaining = 0
        },
      }
    },

    /** The fault that this call meets, or null. */
    take(call: { method: string; payload: Payload }): Fault | null {
      const entry = entries.find(({ remaining, matches }) => remaining > 0 && matches(call))
      if (!entry) return null
      entry.remaining -= 1
      if (entry.remaining === 0) entries.splice(entries.indexOf(entry), 1)
      return entry.fault
    },
  }
}

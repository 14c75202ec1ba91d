import type { Payload } from './objects.ts'

/**
 * What goes wrong with a call. `when` says whether its effect has taken place by then (default: 'before').
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

/** Which calls a fault waits for: a method's name, or any test of the call. Downloads are called 'downloadFile'. */
export type CallMatcher = string | ((call: { method: string; payload: Payload }) => boolean)

/** A fault that was arranged. */
export type ArrangedFault = {
  /** How many calls it still waits for: 0 once all of it has happened. */
  left: () => number
  cancel: () => void
}

/** Keeps the faults arranged, in order; the first that matches a call happens to it. */
export function createFaults() {
  const arranged: {
    matches: (call: { method: string; payload: Payload }) => boolean
    fault: Fault
    left: number
  }[] = []

  return {
    arrange(matcher: CallMatcher, fault: Fault, times: number): ArrangedFault {
      const matches =
        typeof matcher === 'string'
          ? ({ method }: { method: string }) => method.toLowerCase() === matcher.toLowerCase()
          : matcher
      const entry = { matches, fault, left: times }
      arranged.push(entry)
      return {
        left: () => entry.left,
        cancel: () => {
          entry.left = 0
        },
      }
    },

    /** The fault that happens to this call, or null. */
    take(call: { method: string; payload: Payload }): Fault | null {
      const entry = arranged.find(({ left, matches }) => left > 0 && matches(call))
      if (!entry) return null
      entry.left -= 1
      if (entry.left === 0) arranged.splice(arranged.indexOf(entry), 1)
      return entry.fault
    },
  }
}

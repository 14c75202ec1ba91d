import type { LogLine } from '../log-lines.ts'
import type { RecordedRequest } from '../openai/stand-in.ts'
import type { Attempt } from '../telegram/attempts.ts'
import type { StudioEvent } from './event.ts'

/** Some lessons' worth: a page that is opened later still sees what was. */
const KEPT_EVENTS = 4_000

type Happening = StudioEvent extends infer Event
  ? Event extends StudioEvent
    ? Omit<Event, 'order'>
    : never
  : never

export type EventRecorder = ReturnType<typeof createEventRecorder>

/**
 * Keeps what the stand-ins and the functions tell, as one stream of events, the newest some thousands.
 *
 * `aheadMs` is how far the clock of the functions and of Telegram runs ahead of the machine's.
 */
export function createEventRecorder(aheadMs: () => number) {
  const listeners = new Set<(event: StudioEvent) => void>()
  let events: StudioEvent[] = []
  let nextOrder = 1

  function happen(happening: Happening): void {
    const event: StudioEvent = { order: nextOrder, ...happening }
    nextOrder += 1
    events = [...events.slice(1 - KEPT_EVENTS), event]
    for (const listener of listeners) listener(event)
  }

  return {
    /** Calls a listener with all that is kept, then with each event as it comes, until the returned function is called. */
    listen(listener: (event: StudioEvent) => void): () => void {
      for (const event of events) listener(event)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    noteAttempt({ updateId, attempt, at, tookMs, outcome, next }: Attempt): void {
      if (outcome === null) return
      happen({
        kind: 'delivery',
        at: at - aheadMs(),
        updateId,
        attempt,
        tookMs: Math.round(tookMs ?? 0),
        status: outcome.status,
        error: outcome.ok ? null : outcome.error,
        next: typeof next === 'object' ? next.resendAfterSeconds : acknowledgedOr(next),
      })
    },

    /** A request whose answer has ended, whole or not. */
    noteRequest({ stage, path, fault, timeline }: RecordedRequest): void {
      const { at, firstByteAt, audioSeconds } = timeline
      happen({
        kind: 'provider',
        at,
        stage,
        path,
        tookMs: (timeline.endAt ?? Date.now()) - at,
        firstContentMs: firstByteAt === undefined ? null : firstByteAt - at,
        audioSeconds: audioSeconds ?? null,
        fault: fault ?? null,
      })
    },

    noteLog({ level, event, time, ...fields }: LogLine): void {
      const at = typeof time === 'string' ? Date.parse(time) - aheadMs() : Date.now()
      happen({ kind: 'log', at, level, event, fields })
    },

    noteFault(name: string): void {
      happen({ kind: 'fault', at: Date.now(), name })
    },
  }
}

/** An attempt with an outcome is not under way. */
function acknowledgedOr(
  next: 'under-way' | 'acknowledged' | 'dropped',
): 'acknowledged' | 'dropped' {
  return next === 'dropped' ? 'dropped' : 'acknowledged'
}

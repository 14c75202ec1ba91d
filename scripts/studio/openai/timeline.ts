import { setTimeout as delay } from 'node:timers/promises'

/** The moments of one request, in milliseconds since the epoch. */
export type Timeline = {
  /** The request was complete. */
  at: number
  /** The answer's first content went out. */
  firstByteAt?: number
  /** The answer was complete; not set where it never was. */
  endAt?: number
  /** The length of the speech in the answer. */
  audioSeconds?: number
  /** The tokens of a streamed completion, in order. */
  tokens: { at: number; text: string }[]
  /** Called once the answer is complete. */
  onEnd?: () => void
}

export function openTimeline(): Timeline {
  return { at: Date.now(), tokens: [] }
}

export function endTimeline(timeline: Timeline): void {
  timeline.endAt = Date.now()
  timeline.onEnd?.()
}

/**
 * Waits until a moment, in milliseconds since the epoch; not at all where it has passed.
 *
 * A stream that waits for its own moments does not drift, as it would by waits between its pieces.
 */
export async function until(moment: number): Promise<void> {
  const ms = moment - Date.now()
  if (ms > 0) await delay(ms)
}

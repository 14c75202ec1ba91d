import { setTimeout as delay } from 'node:timers/promises'

/** When one request came and was answered, in milliseconds since the epoch. */
export type Timeline = {
  /** It was there as a whole. */
  at: number
  /** The first of its answer's content went out. */
  firstByteAt?: number
  /** Its answer was complete; not set where it never was. */
  endAt?: number
  /** Of the speech that was sent. */
  audioSeconds?: number
  /** A streamed completion's, in order. */
  tokens: { at: number; text: string }[]
}

export function openTimeline(): Timeline {
  return { at: Date.now(), tokens: [] }
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

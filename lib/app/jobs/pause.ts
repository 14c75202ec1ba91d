import type { Sleep } from '../ports.ts'

/** Sleeps for so long, or until the signal aborts. Never throws: what follows looks at the signal itself. */
export async function pause(sleep: Sleep, ms: number, signal?: AbortSignal): Promise<void> {
  // A sleep rejects when its signal aborts, and then the pause is over.
  await sleep(ms, signal).catch(() => {})
}

import { waitUntil } from '@vercel/functions'
import type { Log } from '../app/ports.ts'

export type Background = {
  /** Starts work beside a request; a failure is logged as `<name>_failed`. */
  start(name: string, work: () => Promise<void>): void
  /** Resolves when nothing that was started is running. */
  idle(): Promise<void>
}

/** Work beside a request: Vercel is asked to wait for it, and nothing depends on that. */
export function background({ isVercel, log }: { isVercel: boolean; log: Log }): Background {
  const running = new Set<Promise<void>>()
  return {
    start(name, work) {
      // The edge of work that no caller awaits.
      const promise = work()
        .catch((error: unknown) => log.error(`${name}_failed`, { error }))
        .finally(() => running.delete(promise))
      running.add(promise)
      if (isVercel) waitUntil(promise)
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}

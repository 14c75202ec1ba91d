import type { Fields, Log, Sleep } from '../../lib/app/ports.ts'

export type Repetition = {
  /** Whether the work succeeded at the first time. */
  first: Promise<boolean>
  /** Begins no further time; resolves when the present one has ended. */
  stop(): Promise<void>
}

/** The longest wait after failures, as a multiple of the ordinary one. */
const MAX_WAIT = 10

/**
 * Does work now, and again and again after `everyMs`, more and more seldom while it fails.
 *
 * A failure is logged once as `<name>_failed` with the fields that describe it, again where they change, and its end
 * as `<name>_recovered`: an outage of an hour makes two lines.
 */
export function repeat({
  name,
  everyMs,
  work,
  describe,
  log,
  sleep,
}: {
  name: string
  everyMs: number
  work: () => Promise<unknown>
  describe: (error: unknown) => Fields
  log: Log
  sleep: Sleep
}): Repetition {
  const ending = new AbortController()
  let failures = 0
  let failureLine = ''

  async function workOnce(): Promise<boolean> {
    try {
      await work()
    } catch (error) {
      // The edge of work that no caller awaits; the next time does what this one could not.
      report(describe(error))
      return false
    }
    if (failures > 0) log.info(`${name}_recovered`, { failures })
    failures = 0
    failureLine = ''
    return true
  }

  function report(fields: Fields): void {
    failures += 1
    const line = JSON.stringify(fields)
    if (line !== failureLine) log.error(`${name}_failed`, fields)
    failureLine = line
  }

  const first = workOnce()
  async function goOn(): Promise<void> {
    await first
    for (;;) {
      // Rejects when the repetition is stopped.
      await sleep(everyMs * Math.min(2 ** failures, MAX_WAIT), ending.signal).catch(() => {})
      if (ending.signal.aborted) return
      await workOnce()
    }
  }
  const end = goOn()
  return {
    first,
    async stop() {
      ending.abort()
      await end
    },
  }
}

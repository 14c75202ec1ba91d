import type { JobHandler } from '../jobs/handler.ts'
import type { Log } from '../ports.ts'

/** How long after its end an hour is added up: what is written late is there by then, if not what is very late. */
export const CLOSED_AFTER_MS = 15 * 60_000

/** What was measured in hours that are over, and its sums. */
export type Tally = {
  /** Whether something waits to be added. */
  isDue(): Promise<boolean>
  /** Adds up to `limit` rows to their hours, days and totals, each once also where several processes do so; how many. */
  add(limit: number): Promise<number>
  /** Deletes sums that have outlived their use, a bounded number a call. */
  prune(limit: number): Promise<void>
}

/** A row is a run: an hour of a busy day has some thousands. */
const ROWS_AT_ONCE = 5_000

/** Runs the jobs of the source `tally`: adds what was measured in hours that are over. */
export function tallyJobs({ tally, log }: { tally: Tally; log: Log }): JobHandler {
  return {
    async run({ signal }) {
      let rows = 0
      // What is left at the job's deadline, the next hour's job finds.
      while (!signal.aborted) {
        const addedRows = await tally.add(ROWS_AT_ONCE)
        rows += addedRows
        if (addedRows < ROWS_AT_ONCE) break
      }
      await tally.prune(ROWS_AT_ONCE)
      log.info('tallied', { rows })
    },
    // No sender waits for it.
    onParked: async () => {},
    onDelayed: async () => {},
    onDead: async () => {},
    onSurplus: async () => {},
  }
}

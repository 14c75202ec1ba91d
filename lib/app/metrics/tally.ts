import type { JobHandler } from '../jobs/handler.ts'
import type { Log } from '../ports.ts'

/** How long after its end an hour is added up: samples that are written late have arrived by then. */
export const CLOSED_AFTER_MS = 15 * 60_000

/** The measurements of hours that are over, and their sums. */
export type Tally = {
  /** Tells whether measurements wait to be added. */
  isDue(): Promise<boolean>
  /** Adds up to `limit` rows to their hours, days and totals, and returns how many. Each row is added once, even if several processes do it. */
  add(limit: number): Promise<number>
  /** Deletes a bounded number of sums that have outlived their use. */
  prune(limit: number): Promise<void>
}

/** A row is a run: an hour of a busy day has some thousands. */
const ROWS_AT_ONCE = 5_000

/** Runs the jobs of the source `tally`, which add up the measurements of hours that are over. */
export function tallyJobs({ tally, log }: { tally: Tally; log: Log }): JobHandler {
  return {
    async run({ signal }) {
      let rows = 0
      // The next hour's job finds what is left at this one's deadline.
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

import { recover } from '../error.ts'
import type { Log } from '../ports.ts'
import type { LedgerEntry } from '../usage.ts'
import type { Fence } from './job.ts'
import type { Journal } from './journal.ts'

export type UnstoredCharges = {
  /** Keeps charges of a job that the database did not take. */
  keep(job: Fence, charges: readonly LedgerEntry[]): void
  /** Stores what is kept; throws 'database-unavailable' where the database does not take it either. */
  store(): Promise<void>
}

/** Calls whose charges a process keeps at most: some megabytes, and more than it pays for in an hour. */
const MAX_CALLS = 10_000

/**
 * Keeps what was paid while the database was away, until it answers again. Of a statement that broke off it is not known whether
 * it was carried out; a charge that was is not stored again.
 */
export function unstoredCharges(
  { journal, log }: { journal: Pick<Journal, 'write'>; log: Log },
  maxCalls = MAX_CALLS,
): UnstoredCharges {
  const batches = new Set<{ job: Fence; charges: readonly LedgerEntry[] }>()
  let calls = 0

  return {
    keep(job, charges) {
      if (charges.length === 0) return
      if (calls + charges.length > maxCalls) {
        log.error('charges_lost', { alert: true, job_id: job.id, calls: charges.length })
        return
      }
      batches.add({ job, charges })
      calls += charges.length
    },

    async store() {
      for (const batch of batches) {
        // The charges are stored also where another run has the job now.
        await recover(journal.write(batch.job, [], batch.charges), ['lease-lost'], () => {})
        if (batches.delete(batch)) calls -= batch.charges.length
      }
    },
  }
}

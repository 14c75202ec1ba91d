import { hasCode } from '../error.ts'
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

type Batch = { job: Fence; charges: readonly LedgerEntry[] }

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
  const batches = new Set<Batch>()
  let calls = 0

  function lose(job: Fence, charges: readonly LedgerEntry[], error?: unknown): void {
    log.error('charges_lost', { alert: true, job_id: job.id, calls: charges.length, error })
  }

  /** Stores a batch; what is refused anew by a database that answers would be refused for ever, before every job. */
  async function storeBatch(batch: Batch): Promise<void> {
    const refusal = await journal.write(batch.job, [], batch.charges).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (hasCode(refusal, 'database-unavailable')) throw refusal
    if (!batches.delete(batch)) return
    calls -= batch.charges.length
    // The charges are stored also where another run has the job now.
    if (refusal !== undefined && !hasCode(refusal, 'lease-lost'))
      lose(batch.job, batch.charges, refusal)
  }

  return {
    keep(job, charges) {
      if (charges.length === 0) return
      if (calls + charges.length > maxCalls) {
        lose(job, charges)
        return
      }
      batches.add({ job, charges })
      calls += charges.length
    },

    async store() {
      for (const batch of batches) await storeBatch(batch)
    },
  }
}

import { type RawBuilder, sql } from 'kysely'
import { AppError } from '../../app/error.ts'
import type { Fence } from '../../app/jobs/job.ts'

/** The condition on an inbox row under which a run still owns its job. */
export function isOwned({ id, leaseToken }: Fence) {
  return sql`id = ${id} and lease_token = ${leaseToken}::uuid`
}

/**
 * Selects the job's id, and more if asked, while the run owns it, and holds the row: a takeover waits
 * for the statement or transaction that this is part of. No row where another run has the job.
 */
export function heldJob(fence: Fence, more: RawBuilder<unknown> = sql``) {
  return sql`select id ${more} from inbox where ${isOwned(fence)} for share`
}

/** Throws 'lease-lost' where a fenced statement found no row: another run owns the job now. */
export function requireLease(rows: readonly unknown[], { id }: Fence): void {
  if (rows.length === 0) throw new AppError('lease-lost', `Another run has taken job ${id} over.`)
}

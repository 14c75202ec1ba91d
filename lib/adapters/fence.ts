import { AppError } from '../app/error.ts'
import type { Fence } from '../app/ports.ts'

/** Throws 'lease-lost' where a fenced write found no row: another run owns the job now. */
export function requireLease(rows: readonly unknown[], { id }: Fence): void {
  if (rows.length === 0) throw new AppError('lease-lost', `Another run has taken job ${id} over.`)
}

import type { PersonalExport } from '../../domain/privacy/export.ts'
import type { Fence } from '../jobs/job.ts'

/** Whose data it is: a person on Telegram, learner or not, or a learner of the lesson API. */
export type Person = { telegramId: number } | { learnerId: number }

export type PersonalData = {
  /** All that is kept of the person, as of one moment. */
  exportOf(person: Person): Promise<PersonalExport>
  /**
   * Deletes all rows of the person and ends their jobs, in one transaction; charges stay in the ledger and no longer name the
   * person. The job that deletes, one of the person's own, goes on and leaves their lane. Calling it again changes nothing.
   * Returns the updates of the presses that were waiting, as Telegram sent them: their jobs have ended, and they are still to be answered.
   */
  delete(person: Person, job?: Fence): Promise<Uint8Array[]>
}

import type { PersonalExport } from '../../domain/privacy/export.ts'
import type { Fence } from '../jobs/job.ts'

/** Whose data it is: a person on Telegram, learner or not, or a learner of the lesson API. */
export type Person = { telegramId: number } | { learnerId: number }

export type PersonalData = {
  /** All that is kept of the person, as of one moment. */
  exportOf(person: Person): Promise<PersonalExport>
  /**
   * Deletes all rows of the person and ends their jobs, all of it or nothing; what was paid stays in the ledger and no longer
   * names the person. The job that deletes, one of the person's, goes on and leaves their lane. Deleted again, nothing is left to do.
   * The updates of the person's presses that waited, as Telegram has sent them: they are ended, and still to be answered.
   */
  delete(person: Person, job?: Fence): Promise<Uint8Array[]>
}

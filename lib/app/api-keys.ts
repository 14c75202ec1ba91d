import type { Job } from './jobs/job.ts'

/** What an API key may use; null where it has no such limit. Its day is UTC's: its learners may live anywhere. */
export type KeyLimits = {
  lessonsPerDay: number | null
  /** What the key's lessons of a day may cost, in millionths of a US dollar. */
  dailyBudgetMicroUsd: number | null
  /** How many learners the key may have in all. */
  learners: number | null
}

export type ApiKey = { id: number; name: string; telegramLearners: boolean; limits: KeyLimits }

export type ApiKeys = {
  /** The key that this secret belongs to, unless revoked; notes that it was used. */
  authenticate(secret: string): Promise<ApiKey | undefined>
}

/** The limits of a key's day. */
export type DailyLimits = Pick<KeyLimits, 'lessonsPerDay' | 'dailyBudgetMicroUsd'>

/** Which limit of a key's day a job has met. */
export type KeyRefusal = 'lessons-used-up' | 'budget-used-up' | 'budget-held-back'

export type ApiKeyUses = {
  /**
   * Counts a job against the day's limits of its key, before anything is paid for; the same job counts once. One
   * that ends without having paid for anything no longer counts. Of the budget a job holds back what a lesson is
   * reckoned to cost until it has ended, and then has used what the ledger says: `budget-held-back` where the job could be
   * paid for once those under way have ended.
   */
  reserve(
    job: Pick<Job, 'id' | 'leaseToken' | 'receivedAt'>,
    apiKeyId: number,
    limits: DailyLimits,
  ): Promise<'reserved' | KeyRefusal>
}

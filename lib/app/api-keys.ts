import type { Job } from './jobs/job.ts'

/** What an API key may use; null where it has no such limit. Its day is UTC's: its learners may live anywhere. */
export type KeyLimits = {
  lessonsPerDay: number | null
  /** How many learners the key may have in all. */
  learners: number | null
}

export type ApiKey = { id: number; name: string; telegramLearners: boolean; limits: KeyLimits }

export type ApiKeys = {
  /** The key that this secret belongs to, unless revoked; notes that it was used. */
  authenticate(secret: string): Promise<ApiKey | undefined>
}

/** The limits of a key's day. */
export type DailyLimits = Pick<KeyLimits, 'lessonsPerDay'>

export type ApiKeyUses = {
  /**
   * Counts a job against the day's limits of its key, before anything is paid for; the same job counts once. One
   * that ends without having paid for anything no longer counts.
   */
  reserve(
    job: Pick<Job, 'id' | 'leaseToken' | 'receivedAt'>,
    apiKeyId: number,
    limits: DailyLimits,
  ): Promise<'reserved' | 'lessons-used-up'>
}

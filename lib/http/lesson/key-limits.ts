import { z } from 'zod'
import type { ApiKeyUses } from '../../app/api-keys.ts'
import type { Job } from '../../app/jobs/job.ts'
import type { Now } from '../../app/ports.ts'
import { localDay, secondsUntilNextDay } from '../../domain/day.ts'
import { type Problem, problem } from '../problem.ts'

/** The day's limits of a job's key, in its payload: a key's limits never change. */
export const KeyOfJob = z.object({
  apiKeyId: z.int(),
  lessonsPerDay: z.int().nullable(),
  dailyBudgetMicroUsd: z.int().nullable().default(null),
})
export type KeyOfJob = z.infer<typeof KeyOfJob>

type ReservingJob = Pick<Job, 'id' | 'leaseToken' | 'receivedAt'>

/** Counts a job against the limits of its key; the problem where one is used up. */
export async function refusalOfKey(
  { keyUses, now }: { keyUses: ApiKeyUses; now: Now },
  job: ReservingJob,
  { apiKeyId, ...limits }: KeyOfJob,
): Promise<Problem | undefined> {
  const reservation = await keyUses.reserve(job, apiKeyId, limits)
  switch (reservation) {
    case 'reserved':
      return undefined
    case 'lessons-used-up':
      return usedUp(`This key's ${limits.lessonsPerDay} lessons of the day are used up.`, job, now)
    case 'budget-used-up':
      return usedUp("This key's budget of the day is used up.", job, now)
    case 'budget-held-back': {
      const detail =
        "What is left of this key's budget of the day is held back for its lessons that are under way."
      return problem('quota_used_up', { detail, retryAfterSeconds: HELD_BACK_SECONDS })
    }
  }
}

/** As long as a lesson takes. */
const HELD_BACK_SECONDS = 10

function usedUp(words: string, job: ReservingJob, now: Now): Problem {
  const detail = `${words} The next day begins at 00:00 UTC.`
  return problem('quota_used_up', { detail, retryAfterSeconds: secondsLeft(job, now()) })
}

/** A job of a day that is over can be asked for again at once. */
function secondsLeft({ receivedAt }: ReservingJob, now: Date): number {
  const isOver = localDay(now, 'UTC') > localDay(receivedAt, 'UTC')
  return isOver ? 1 : secondsUntilNextDay(now, 'UTC')
}

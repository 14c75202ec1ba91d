import { z } from 'zod'
import type { ApiKeyUses, DailyLimits } from '../../app/api-keys.ts'
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

/** Counts a job against the limits of its key; the problem where one is used up. */
export async function refusalOfKey(
  { keyUses, now }: { keyUses: ApiKeyUses; now: Now },
  job: Job,
  { apiKeyId, ...limits }: KeyOfJob,
): Promise<Problem | undefined> {
  const reservation = await keyUses.reserve(job, apiKeyId, limits)
  if (reservation === 'reserved') return undefined
  const detail = `${usedUp(reservation, limits)} The next day begins at 00:00 UTC.`
  return problem('quota_used_up', { detail, retryAfterSeconds: secondsLeft(job, now()) })
}

function usedUp(
  reservation: 'lessons-used-up' | 'budget-used-up',
  { lessonsPerDay }: DailyLimits,
): string {
  switch (reservation) {
    case 'lessons-used-up':
      return `This key's ${lessonsPerDay} lessons of the day are used up.`
    case 'budget-used-up':
      return "This key's budget of the day is used up."
  }
}

/** A job of a day that is over can be asked for again at once. */
function secondsLeft({ receivedAt }: Job, now: Date): number {
  const isOver = localDay(now, 'UTC') > localDay(receivedAt, 'UTC')
  return isOver ? 1 : secondsUntilNextDay(now, 'UTC')
}

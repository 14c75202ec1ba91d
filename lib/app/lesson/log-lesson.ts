import type { JobRun } from '../jobs/job.ts'
import type { Log, Now } from '../ports.ts'
import type { TaughtLesson } from './lesson.ts'
import type { Usage } from './usage.ts'

/** Logs one line for a lesson that was taught: its stars, times, tokens and cost. */
export function logLesson(
  { log, now }: { log: Log; now: Now },
  { job, stagesMs }: JobRun,
  lesson: TaughtLesson,
  usage: readonly Usage[],
): void {
  const speechCost = usage.find(({ stage }) => stage === 'speak')?.costMicroUsd ?? 0
  log.info(`${lesson.kind}_message_processed_successfully`, {
    user_id: lesson.learnerId,
    stars_earned: lesson.starsEarned + lesson.bonusStars,
    streak: lesson.streak,
    duration_seconds: (now().getTime() - job.receivedAt.getTime()) / 1000,
    job_id: job.id,
    attempts: job.attempts,
    stages_ms: stagesMs(),
    tokens: {
      input: sum(usage, ({ inputTokens }) => inputTokens),
      cached: sum(usage, ({ cachedTokens }) => cachedTokens),
      output: sum(usage, ({ outputTokens }) => outputTokens),
    },
    cost_micro_usd: lesson.costMicroUsd + speechCost,
  })
}

function sum(usage: readonly Usage[], count: (call: Usage) => number | undefined): number {
  return usage.reduce((total, call) => total + (count(call) ?? 0), 0)
}

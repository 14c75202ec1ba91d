import type { Learner } from '../../domain/learner/learner.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Log, Now } from '../ports.ts'
import type { Account } from '../usage.ts'
import type { TaughtLesson } from './lesson.ts'

/** Logs one line for a lesson that was taught: its stars, times, tokens and cost. */
export function logLesson(
  { log, now }: { log: Log; now: Now },
  { job, stagesMs }: JobRun,
  lesson: TaughtLesson,
  account: Account,
  learner: Pick<Learner, 'telegramId'>,
): void {
  log.info(`${lesson.kind}_message_processed_successfully`, {
    // By their id on Telegram learners can name themselves when they complain.
    user_id: learner.telegramId ?? lesson.learnerId,
    learner_id: lesson.learnerId,
    stars_earned: lesson.starsEarned + lesson.bonusStars,
    streak: lesson.streak,
    duration_seconds: (now().getTime() - job.receivedAt.getTime()) / 1000,
    job_id: job.id,
    attempts: job.attempts,
    stages_ms: stagesMs(),
    tokens: {
      input: account.inputTokens,
      cached: account.cachedTokens,
      output: account.outputTokens,
    },
    cost_micro_usd: account.costMicroUsd,
  })
}

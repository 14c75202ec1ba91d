import { AppError } from '../../app/error.ts'
import type { PaidWork } from '../../app/usage.ts'

/** An unusable answer is paid for, so it is asked for once more and no oftener. */
export const MAX_UNUSABLE = 2

/** Counts an answer of the tutor's model that could not be used. */
export function countUnusable({ measures }: Pick<PaidWork, 'measures'>): void {
  measures?.count('provider_errors', { stage: 'reply', code: 'provider-unusable' })
}

/** The error of a call whose answers, so many, could not be used. */
export function unusableAnswers(count: number): AppError {
  return new AppError('provider-unusable', `reply: ${count} answers could not be used`)
}

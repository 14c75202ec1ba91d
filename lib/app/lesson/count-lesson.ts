import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { JobRun } from '../jobs/job.ts'
import type { LessonOutcome } from './lesson.ts'

/** Counts a lesson that a run gives, once, by what has become of it when its job ends. */
export async function counted(
  { measures }: Pick<JobRun, 'measures'>,
  kind: LessonKind,
  exchange: () => Promise<LessonOutcome>,
): Promise<LessonOutcome> {
  measures.count('lessons', { kind, outcome: 'failed' }, 'dead')
  const outcome = await exchange()
  measures.count('lessons', { kind, outcome: outcome.kind }, 'done')
  return outcome
}

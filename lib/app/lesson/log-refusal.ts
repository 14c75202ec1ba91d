import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { JobRun } from '../jobs/job.ts'
import type { Fields, Log } from '../ports.ts'
import type { LessonOutcome } from './lesson.ts'

/** Logs one line for a lesson that was refused: why, and the numbers of it, never what was said. Returns the outcome. */
export function logRefusal(
  { log }: { log: Log },
  { job }: JobRun,
  lesson: { kind: LessonKind; learnerId: number },
  outcome: LessonOutcome,
): LessonOutcome {
  if (outcome.kind === 'taught') return outcome
  log.info('lesson_refused', {
    job_id: job.id,
    learner_id: lesson.learnerId,
    kind: lesson.kind,
    reason: outcome.kind,
    ...detailsOf(outcome),
  })
  return outcome
}

function detailsOf(refusal: LessonOutcome): Fields {
  switch (refusal.kind) {
    case 'voice-too-long':
      return { seconds: refusal.seconds }
    case 'text-too-long':
      return { length: refusal.length }
    case 'not-audio':
      return refusal.format === undefined ? {} : { format: refusal.format }
    case 'other-language':
      return { language: codeOf(refusal.language) }
    case 'quota-used-up':
      return { limit: refusal.limit, seconds_left: refusal.secondsLeft }
    case 'unheard-used-up':
    case 'own-budget-used-up':
      return { seconds_left: refusal.secondsLeft }
    default:
      return {}
  }
}

/** The tutor names a language in words of its own: what is no code may be anything that was said. */
function codeOf(language: string | null): string | null {
  return language !== null && /^[a-z]{2,3}$/i.test(language) ? language : null
}

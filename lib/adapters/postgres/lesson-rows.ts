import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { LessonRow } from '../../../db/tables/lessons.ts'
import type { Tables } from '../../../db/tables.ts'
import { AppError } from '../../app/error.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { LessonDraft, RecordedLesson, Standing } from '../../app/lesson/stores.ts'
import type { DayRun, Progress } from '../../domain/learner/progress.ts'
import type { Mistake, MistakeCategory } from '../../domain/lesson/lesson.ts'
import { waitingMemoryLane } from './memory-job.ts'
import { accountOf } from './usage.ts'

/** Mistakes as JSON of the rows that they become, without the lesson's id. */
export function mistakeRows(mistakes: readonly Mistake[]): string {
  return JSON.stringify(
    mistakes.map((mistake, position) => ({
      position,
      original: mistake.original,
      corrected: mistake.corrected,
      category: mistake.category,
      explanation_cs: mistake.explanationCs,
      explanation_native: mistake.explanationNative,
    })),
  )
}

/** Reads the lesson that this job has recorded; `progress` and `lessonsOnDay` are the learner's of now. Throws 'lesson-gone'. */
export async function recordedLesson(
  db: Kysely<Tables>,
  fence: Fence,
  id: number,
  { progress, lessonsOnDay }: Pick<Standing, 'progress' | 'lessonsOnDay'>,
): Promise<RecordedLesson> {
  const row = await db
    .selectFrom('lesson')
    .selectAll()
    .select(({ ref }) => accountOf(ref('lesson.job_id')).as('account'))
    .select(waitingMemoryLane(fence).as('memory_lane'))
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .where(sql<boolean>`${isLessonOf(fence.id)}`)
    .executeTakeFirst()
  if (row === undefined)
    throw new AppError('lesson-gone', `Lesson ${id} is not this job's any more.`)
  const mistakes = await db
    .selectFrom('mistake')
    .selectAll()
    .where('lesson_id', '=', id)
    .orderBy('position')
    .execute()
  return {
    ...draftOf(row, mistakes),
    id: row.id,
    account: row.account,
    starsEarned: row.stars_earned,
    bonusStars: row.bonus_stars,
    memoryLane: row.memory_lane,
    progress,
    lessonsOnDay,
  }
}

/** The condition on a lesson's row that its newest messages are a job's. */
export function isLessonOf(jobId: number | RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(lesson.job_id = ${jobId} and retake_job_id is null or retake_job_id = ${jobId})`
}

type MistakeRow = Selectable<Tables['mistake']>

/** The lesson of a row and of the rows of its mistakes, without what recording it has decided. */
export function draftOf(row: LessonRow, mistakes: readonly MistakeRow[]): LessonDraft {
  return {
    learnerId: row.learner_id,
    day: row.day,
    kind: row.kind,
    said: row.said,
    reply: row.reply,
    correctedText: row.corrected_text,
    mistakes: mistakes.map(mistakeOf),
    suggestion: row.suggestion,
    newWords: row.new_words,
    replyTranslation: row.reply_translation,
    readyAnswers: row.ready_answers,
    doubtfulWords: row.doubtful_words,
    graded: row.graded,
    score: row.score,
    wordsTotal: row.words_total,
    wordsCorrect: row.words_correct,
    durationSeconds: row.duration_seconds,
  }
}

function mistakeOf(row: MistakeRow): Mistake {
  return {
    original: row.original,
    corrected: row.corrected,
    category: row.category as MistakeCategory,
    explanationCs: row.explanation_cs,
    explanationNative: row.explanation_native,
  }
}

/** What the learner of a row has earned. */
export function progressOf(row: LearnerRow): Progress {
  return {
    totalStars: row.total_stars,
    run: runOf(row.run_from, row.run_to),
    previousRun: runOf(row.previous_run_from, row.previous_run_to),
    maxStreak: row.max_streak,
  }
}

function runOf(from: string | null, to: string | null): DayRun | null {
  return from === null || to === null ? null : { from, to }
}

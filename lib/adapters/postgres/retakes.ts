import { type Kysely, sql } from 'kysely'
import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { Tables } from '../../../db/tables.ts'
import { AppError } from '../../app/error.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { KeptLesson } from '../../app/lesson/kept-lessons.ts'
import type { Retakes, Withdrawal } from '../../app/lesson/retakes.ts'
import type { LessonDraft } from '../../app/lesson/stores.ts'
import { CHALLENGE_LESSONS, type Progress } from '../../domain/learner/progress.ts'
import type { Mistake } from '../../domain/lesson/lesson.ts'
import { heldJob, requireLease } from './fence.ts'
import { isLessonOf, mistakeRows, progressOf, recordedLesson } from './lesson-rows.ts'
import { forgetLesson } from './memory.ts'
import { nextUnheardPlace, numberingPlaces } from './unheard-places.ts'

/** What replaces lessons, and takes them back, in PostgreSQL. */
export function pgRetakes(db: Kysely<Tables>): Retakes {
  return {
    async replace(fence, lesson, draft, starsEarned, standing) {
      const outcome = await replace(db, fence, lesson.id, draft, starsEarned)
      await forgetLesson(db, fence, lesson.id)
      if (outcome.is_replaced || outcome.is_mine) {
        const totalStars = outcome.total_stars ?? standing.progress.totalStars
        return recordedLesson(db, fence, lesson.id, {
          progress: { ...standing.progress, totalStars },
          lessonsOnDay: standing.lessonsOnDay,
        })
      }
      throw new AppError('lesson-gone', `Lesson ${lesson.id} is not to be replaced any more.`)
    },

    async withdraw(fence, lesson, retract) {
      const isTaken = await withdraw(db, fence, lesson, retract)
      await forgetLesson(db, fence, lesson.id)
      return isTaken
    },

    async findReply({ id }) {
      const lesson = db.selectFrom('lesson').select('reply_message_id').where('id', '=', id)
      return (await lesson.executeTakeFirst())?.reply_message_id ?? undefined
    },
  }
}

async function withdraw(
  db: Kysely<Tables>,
  ...[fence, lesson, retract]: Parameters<Retakes['withdraw']>
): Promise<boolean> {
  // Each further round means that another write has changed the learner in between.
  for (;;) {
    const state = await stateWithout(db, fence, lesson)
    if (state === undefined) return false
    const progress = retract(state.withdrawal)
    const { lessonsLeftOnDay } = state.withdrawal
    const write = () =>
      take(db, fence, lesson, { progress, version: state.version, lessonsLeftOnDay })
    const { is_lesson, is_taken } = await numberingPlaces(write)
    if (is_taken) return true
    if (!is_lesson) return false
  }
}

type Replacement = { is_replaced: boolean; is_mine: boolean; total_stars: number | null }

async function replace(
  db: Kysely<Tables>,
  fence: Fence,
  lessonId: number,
  draft: LessonDraft,
  starsEarned: number,
): Promise<Replacement> {
  const { rows } = await sql<Replacement>`
    with mine as (${heldJob(fence)}),
    old as (
      select lesson.id, learner_id, job_id, stars_earned from lesson, mine
      where lesson.id = ${lessonId} and retake_job_id is null and withdrawn_at is null
      for update of lesson
    ),
    replaced as (
      update lesson set retake_job_id = ${fence.id}, kind = ${draft.kind}, said = ${draft.said},
        reply = ${draft.reply}, corrected_text = ${draft.correctedText}, suggestion = ${draft.suggestion},
        new_words = ${JSON.stringify(draft.newWords)}::jsonb, reply_translation = ${draft.replyTranslation},
        ready_answers = ${JSON.stringify(draft.readyAnswers)}::jsonb,
        doubtful_words = ${JSON.stringify(draft.doubtfulWords)}::jsonb, graded = ${draft.graded},
        score = ${draft.score}, words_total = ${draft.wordsTotal}, words_correct = ${draft.wordsCorrect},
        duration_seconds = ${draft.durationSeconds}, stars_earned = ${starsEarned},
        verdict_message_id = null, verdict_progress = null, reply_message_id = null,
        reply_file_id = null, reply_form = null, reply_speed = null, reply_character = null,
        slower_file_id = null, slower_form = null
      from old where lesson.id = old.id
      returning lesson.id, old.learner_id, old.job_id, old.stars_earned as stars_before
    ),
    regraded as (
      update star_entry set stars = ${starsEarned} from replaced
      where star_entry.learner_id = replaced.learner_id and reason = 'lesson'
        and key = replaced.job_id::text
    ),
    advanced as (
      update learner set total_stars = total_stars + ${starsEarned}::integer - stars_before
      from replaced where learner.id = replaced.learner_id returning total_stars
    ),
    unmade as (
      delete from mistake using replaced
      where lesson_id = replaced.id and position >= ${draft.mistakes.length}::integer
    ),
    explained as (${mistakesInserted(draft.mistakes)})
    select exists (select from replaced) as is_replaced,
      exists (select from lesson where id = ${lessonId} and retake_job_id = ${fence.id}
        and withdrawn_at is null) as is_mine,
      (select total_stars from advanced) as total_stars
    from mine`.execute(db)
  requireLease(rows, fence)
  const [row] = rows
  if (row === undefined) throw new Error('A fenced statement has one row.')
  return row
}

/** Those at places that the lesson had already take the places of what was there. */
function mistakesInserted(mistakes: readonly Mistake[]) {
  return sql`
    insert into mistake (lesson_id, position, original, corrected, category, explanation_cs,
      explanation_native)
    select replaced.id, each.* from replaced, jsonb_to_recordset(${mistakeRows(mistakes)}::jsonb) as each (
      position integer, original text, corrected text, category text, explanation_cs text,
      explanation_native text)
    on conflict (lesson_id, position) do update set original = excluded.original,
      corrected = excluded.corrected, category = excluded.category,
      explanation_cs = excluded.explanation_cs, explanation_native = excluded.explanation_native`
}

async function stateWithout(
  db: Kysely<Tables>,
  fence: Fence,
  { id, learnerId, day }: Pick<KeptLesson, 'id' | 'learnerId' | 'day'>,
): Promise<{ withdrawal: Withdrawal; version: string } | undefined> {
  type Row = LearnerRow & {
    is_gone: boolean
    version: string
    days: string[]
    lessons_left: number
  }
  const { rows } = await sql<Row>`
    with mine as (${heldJob(fence)}),
    other_lessons as (
      select day from lesson
      where learner_id = ${learnerId} and withdrawn_at is null and id <> ${id}
    )
    select learner.*, learner.id is null as is_gone, learner.xmin::text as version,
      (select coalesce(jsonb_agg(day order by day), '[]')
        from (select distinct day::text from other_lessons) as each) as days,
      (select count(*) from other_lessons where day = ${day}::date) as lessons_left
    from mine left join learner on learner.id = ${learnerId}`.execute(db)
  requireLease(rows, fence)
  const [row] = rows
  if (row === undefined || row.is_gone) return undefined
  const withdrawal = {
    progress: progressOf(row),
    otherDays: row.days,
    lessonsLeftOnDay: row.lessons_left,
  }
  return { withdrawal, version: row.version }
}

type Taking = { is_lesson: boolean; is_taken: boolean }

/** Takes the lesson back if the learner's row is still of this version. Its place in the plan becomes one without a lesson. */
async function take(
  db: Kysely<Tables>,
  fence: Fence,
  { id, jobId, learnerId, day }: Pick<KeptLesson, 'id' | 'jobId' | 'learnerId' | 'day'>,
  {
    progress,
    version,
    lessonsLeftOnDay,
  }: { progress: Progress; version: string; lessonsLeftOnDay: number },
): Promise<Taking> {
  const losesChallenge = sql`${lessonsLeftOnDay < CHALLENGE_LESSONS}::boolean`
  const { rows } = await sql<Taking>`
    with mine as (${heldJob(fence)}),
    target as (
      select lesson.id, job_id from lesson, mine
      where lesson.id = ${id} and withdrawn_at is null and ${isLessonOf(jobId)}
      for update of lesson
    ),
    entry as (
      select reason, key, stars from star_entry, target
      where learner_id = ${learnerId} and (reason in ('lesson', 'attempt') and key = job_id::text
        or ${losesChallenge} and reason = 'daily_challenge' and key = ${day}::text)
    ),
    retracted as (
      update learner set
        total_stars = total_stars - (select coalesce(sum(stars), 0)::integer from entry),
        max_streak = ${progress.maxStreak},
        run_from = ${progress.run?.from ?? null}::date, run_to = ${progress.run?.to ?? null}::date,
        previous_run_from = ${progress.previousRun?.from ?? null}::date,
        previous_run_to = ${progress.previousRun?.to ?? null}::date
      from target where learner.id = ${learnerId} and learner.xmin::text = ${version}
      returning learner.id
    ),
    withdrawn as (
      update lesson set
        withdrawn_at = case when lesson.id = target.id then now() end,
        stars_earned = case when lesson.id = target.id then 0 else stars_earned end,
        bonus_stars = case when ${losesChallenge} then 0 else bonus_stars end
      from target, retracted
      where lesson.id = target.id
        or ${losesChallenge} and learner_id = retracted.id and day = ${day}::date and bonus_stars > 0
          and withdrawn_at is null
    ),
    unearned as (
      delete from star_entry using retracted, entry
      where star_entry.learner_id = retracted.id and star_entry.reason = entry.reason
        and star_entry.key = entry.key
    ),
    -- It was paid for, and so it counts against the cap on messages without a lesson.
    counted as (
      update quota_use set kind = 'unheard', place = ${nextUnheardPlace}
      from target, retracted where quota_use.job_id = target.job_id and kind in ('voice', 'text')
    ),
    unasked as (
      delete from expectation using target, retracted
      where expectation.learner_id = retracted.id and expectation.kind = 'retake'
        and about = target.job_id::text
    )
    select exists (select from target) as is_lesson, exists (select from retracted) as is_taken
    from mine`.execute(db)
  requireLease(rows, fence)
  const [row] = rows
  if (row === undefined) throw new Error('A fenced statement has one row.')
  return row
}

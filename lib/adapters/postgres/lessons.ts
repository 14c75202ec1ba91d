import { type Kysely, sql } from 'kysely'
import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { Tables } from '../../../db/tables.ts'
import { AppError } from '../../app/error.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type {
  LessonDraft,
  Lessons,
  Past,
  RecordedLesson,
  Standing,
} from '../../app/lesson/stores.ts'
import { genderShown } from '../../domain/learner/gender.ts'
import type { Advance } from '../../domain/learner/progress.ts'
import { heldJob, isOwned, requireLease } from './fence.ts'
import { addSpeechCost } from './lesson-messages.ts'
import { mistakeRows, progressOf, recordedLesson } from './lesson-rows.ts'
import { memoryJob } from './memory-job.ts'
import { accountOf, lessonCostOf } from './usage.ts'

/** The lessons in PostgreSQL. */
export function pgLessons(db: Kysely<Tables>): Lessons {
  return {
    async recent(learnerId, count, until) {
      const beforeLessonId = until?.beforeLessonId ?? null
      const { rows } = await sql<Past>`
        select coalesce((
            select jsonb_agg(jsonb_build_object('said', said, 'reply', reply, 'mistakes', coalesce((
                select jsonb_agg(category order by position) from mistake where lesson_id = recent.id
              ), '[]'), 'isOfConversation', id > conversation_after) order by id)
            from (
              select id, said, reply from lesson
              where learner_id = learner.id and withdrawn_at is null
                and (${beforeLessonId}::bigint is null or id < ${beforeLessonId}::bigint)
              order by id desc limit ${count}
            ) as recent
          ), '[]') as history, coalesce((
            select jsonb_agg(text order by id) from fact where learner_id = learner.id
          ), '[]') as facts
        from learner where id = ${learnerId}`.execute(db)
      return rows[0] ?? { history: [], facts: [] }
    },

    standing: (fence, lesson) => lookUp(db, fence, lesson),

    async record(fence, draft, advance, knownStanding) {
      // Each further round means that another write has changed the learner in between.
      for (let standing = knownStanding; ; standing = undefined) {
        standing ??= await lookUp(db, fence, draft)
        const { progress, version, recordedId, lessonsOnDay } = standing
        if (recordedId !== null)
          return recordedLesson(db, fence, recordedId, { progress, lessonsOnDay })
        const step = advance(progress, lessonsOnDay + 1)
        const isFirstOfDay = lessonsOnDay === 0
        const lesson = await write(db, fence, draft, step, { version, isFirstOfDay })
        if (lesson === null) continue
        const { totalStars, ...earnings } = lesson
        return {
          ...draft,
          ...earnings,
          progress: { ...step.progress, totalStars },
          lessonsOnDay: lessonsOnDay + 1,
        }
      }
    },

    async isRecorded(jobId) {
      const { rows } = await sql`
        select from lesson where job_id = ${jobId} or retake_job_id = ${jobId}`.execute(db)
      return rows.length > 0
    },

    addSpeechCost: (fence, messages) => addSpeechCost(db, fence, messages),
  }
}

// Nothing is locked: the write finds out whether all this still holds.
async function lookUp(
  db: Kysely<Tables>,
  fence: Fence,
  { learnerId, day }: Pick<LessonDraft, 'learnerId' | 'day'>,
): Promise<Standing> {
  type Row = LearnerRow & {
    is_gone: boolean
    version: string
    recorded_id: number | null
    lessons_on_day: number
  }
  const { rows } = await sql<Row>`
    with mine as (select id from inbox where ${isOwned(fence)}),
    recorded as (select id, day from lesson where job_id = ${fence.id})
    select learner.*, learner.id is null as is_gone, learner.xmin::text as version, (select id from recorded) as recorded_id,
      (select count(*) from lesson
        where learner_id = ${learnerId} and day = coalesce((select day from recorded), ${day}::date)
          and withdrawn_at is null
          and id <= coalesce((select id from recorded), id)) as lessons_on_day
    from mine left join learner on learner.id = ${learnerId}`.execute(db)
  requireLease(rows, fence)
  const [row] = rows
  if (row === undefined) throw new Error('A fenced statement has one row.')
  // Told apart from a lease that is lost: the job ends, instead of being left to another run.
  if (row.is_gone) throw new AppError('learner-gone', `Learner ${learnerId} is there no more.`)
  return {
    progress: progressOf(row),
    version: row.version,
    recordedId: row.recorded_id,
    lessonsOnDay: row.lessons_on_day,
  }
}

type WrittenLesson = Pick<
  RecordedLesson,
  'id' | 'starsEarned' | 'bonusStars' | 'account' | 'memoryLane'
> & {
  totalStars: number
}

/**
 * Writes the lesson and all that it earns, if the learner's row is still of this version; null where it is
 * not. Two at once wait for each other at that row, and the second one sees what the first has made of it.
 */
async function write(
  db: Kysely<Tables>,
  fence: Fence,
  draft: LessonDraft,
  { progress, starsEarned, bonusStars }: Advance,
  { version, isFirstOfDay }: { version: string; isFirstOfDay: boolean },
): Promise<WrittenLesson | null> {
  const shownGender = genderShown(draft.said, draft.correctedText)
  const { rows } = await sql<WrittenLesson | { id: null }>`
    with mine as (${heldJob(fence)}),
    -- What was given once is not given again, and counts for nothing: a day's lessons may have been deleted since.
    entry as (
      select reason, key, stars from (values
        ('lesson', ${String(fence.id)}::text, ${starsEarned}::integer),
        ('daily_challenge', ${draft.day}::text, ${bonusStars}::integer)
      ) as earned (reason, key, stars)
      where stars > 0 and not exists (
        select from star_entry
        where learner_id = ${draft.learnerId} and star_entry.reason = earned.reason
          and star_entry.key = earned.key)
    ),
    earning as (
      select coalesce(sum(stars) filter (where reason = 'lesson'), 0)::integer as lesson_stars,
        coalesce(sum(stars) filter (where reason <> 'lesson'), 0)::integer as bonus_stars
      from entry
    ),
    advanced as (
      update learner set total_stars = total_stars + lesson_stars + bonus_stars, max_streak = ${progress.maxStreak},
        run_from = ${progress.run?.from ?? null}::date, run_to = ${progress.run?.to ?? null}::date,
        previous_run_from = ${progress.previousRun?.from ?? null}::date,
        previous_run_to = ${progress.previousRun?.to ?? null}::date,
        gender = case when gender in ('unknown', 'unsaid') then coalesce(${shownGender ?? null}::text, gender)
          else gender end
      from mine, earning where learner.id = ${draft.learnerId} and learner.xmin::text = ${version}
      returning learner.*, lesson_stars, bonus_stars
    ),
    recorded as (
      insert into lesson (job_id, learner_id, day, kind, said, reply, corrected_text, suggestion,
        new_words, reply_translation, ready_answers, doubtful_words, graded, score, words_total, words_correct,
        duration_seconds, cost_micro_usd, stars_earned, bonus_stars)
      select ${fence.id}, advanced.id, ${draft.day}::date, ${draft.kind}, ${draft.said},
        ${draft.reply}, ${draft.correctedText}, ${draft.suggestion},
        ${JSON.stringify(draft.newWords)}::jsonb, ${draft.replyTranslation},
        ${JSON.stringify(draft.readyAnswers)}::jsonb, ${JSON.stringify(draft.doubtfulWords)}::jsonb,
        ${draft.graded}, ${draft.score}, ${draft.wordsTotal},
        ${draft.wordsCorrect}, ${draft.durationSeconds}, ${lessonCostOf(fence.id)}, lesson_stars,
        bonus_stars
      from advanced
      returning id, learner_id, stars_earned, bonus_stars
    ),
    explained as (
      insert into mistake (lesson_id, position, original, corrected, category, explanation_cs,
        explanation_native)
      select recorded.id, each.* from recorded, jsonb_to_recordset(${mistakeRows(draft.mistakes)}::jsonb) as each (
        position integer, original text, corrected text, category text, explanation_cs text,
        explanation_native text)
    ),
    accounted as (
      insert into star_entry (learner_id, reason, key, stars)
      select learner_id, reason, key, stars from recorded, entry
    ),
    ${memoryJob(fence, { isFirstOfDay })}
    select recorded.id, stars_earned as "starsEarned", recorded.bonus_stars as "bonusStars",
      total_stars as "totalStars", (select lane from remembering) as "memoryLane",
      ${accountOf(fence.id)} as account
    from mine left join (recorded join advanced on advanced.id = learner_id) on true`.execute(db)
  requireLease(rows, fence)
  const [row] = rows
  return row === undefined || row.id === null ? null : row
}

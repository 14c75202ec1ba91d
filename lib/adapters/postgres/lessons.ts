import { type Kysely, type Selectable, sql } from 'kysely'
import type { LearnerRow, Tables } from '../../../db/tables.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { LessonDraft, Lessons, RecordedLesson, Standing } from '../../app/lesson/stores.ts'
import type { Advance, DayRun, Progress } from '../../domain/learner/progress.ts'
import type { Mistake, MistakeCategory } from '../../domain/lesson/lesson.ts'
import { heldJob, isOwned, requireLease } from './fence.ts'

/** The lessons in PostgreSQL. */
export function pgLessons(db: Kysely<Tables>): Lessons {
  return {
    async recent(learnerId, count) {
      const rows = await db
        .selectFrom('lesson')
        .select(['said', 'reply'])
        .where('learner_id', '=', learnerId)
        .orderBy('id', 'desc')
        .limit(count)
        .execute()
      return rows.reverse()
    },

    standing: (fence, lesson) => lookUp(db, fence, lesson),

    async record(fence, draft, advance, knownStanding) {
      // Each further round means that another write has changed the learner in between.
      for (let standing = knownStanding; ; standing = undefined) {
        standing ??= await lookUp(db, fence, draft)
        const { before, version, recordedId, lessonsOnDay } = standing
        if (recordedId !== null) return recordedLesson(db, recordedId, before, lessonsOnDay)
        const step = advance(before, lessonsOnDay + 1)
        const id = await write(db, fence, draft, step, version)
        if (id === null) continue
        const { starsEarned, bonusStars, after } = step
        return {
          ...draft,
          id,
          starsEarned,
          bonusStars,
          progress: after,
          lessonsOnDay: lessonsOnDay + 1,
        }
      }
    },

    async isRecorded(jobId) {
      const lesson = db.selectFrom('lesson').select('id').where('job_id', '=', jobId)
      return (await lesson.executeTakeFirst()) !== undefined
    },

    async addSpeechCost(fence, microUsd) {
      const { rows } = await sql`
        with mine as (${heldJob(fence)}),
        added as (
          update lesson set speech_cost_micro_usd = ${microUsd}::bigint from mine
          where job_id = mine.id and speech_cost_micro_usd is null returning job_id
        ),
        settled as (
          update budget_day set spent_micro_usd = spent_micro_usd + ${microUsd}::bigint
          from added join quota_use on quota_use.job_id = added.job_id
          where budget_day.day = quota_use.budget_day
        )
        select id from mine`.execute(db)
      requireLease(rows, fence)
    },
  }
}

// Nothing is locked: the write finds out whether all this still holds.
async function lookUp(
  db: Kysely<Tables>,
  fence: Fence,
  { learnerId, day }: Pick<LessonDraft, 'learnerId' | 'day'>,
): Promise<Standing> {
  type Row = LearnerRow & { version: string; recorded_id: number | null; lessons_on_day: number }
  const { rows } = await sql<Row>`
    with mine as (select id from inbox where ${isOwned(fence)}),
    recorded as (select id, day from lesson where job_id = ${fence.id})
    select learner.*, learner.xmin::text as version, (select id from recorded) as recorded_id,
      (select count(*) from lesson
        where learner_id = ${learnerId} and day = coalesce((select day from recorded), ${day}::date)
          and id <= coalesce((select id from recorded), id)) as lessons_on_day
    from learner, mine where learner.id = ${learnerId}`.execute(db)
  requireLease(rows, fence)
  const [row] = rows
  if (row === undefined) throw new Error('A fenced statement has one row.')
  return {
    before: {
      totalStars: row.total_stars,
      run: runOf(row.run_from, row.run_to),
      previousRun: runOf(row.previous_run_from, row.previous_run_to),
      maxStreak: row.max_streak,
    },
    version: row.version,
    recordedId: row.recorded_id,
    lessonsOnDay: row.lessons_on_day,
  }
}

/**
 * Writes the lesson and all that it earns, if the learner's row is still of this version; null where it is
 * not. Two at once wait for each other at that row, and the second one sees what the first has made of it.
 */
async function write(
  db: Kysely<Tables>,
  fence: Fence,
  draft: LessonDraft,
  { after, starsEarned, bonusStars }: Advance,
  version: string,
): Promise<number | null> {
  const mistakes = JSON.stringify(
    draft.mistakes.map((mistake, position) => ({
      position,
      original: mistake.original,
      corrected: mistake.corrected,
      category: mistake.category,
      explanation_cs: mistake.explanationCs,
      explanation_native: mistake.explanationNative,
    })),
  )
  const { rows } = await sql<{ lesson_id: number | null }>`
    with mine as (${heldJob(fence)}),
    advanced as (
      update learner set total_stars = ${after.totalStars}, max_streak = ${after.maxStreak},
        run_from = ${after.run?.from ?? null}::date, run_to = ${after.run?.to ?? null}::date,
        previous_run_from = ${after.previousRun?.from ?? null}::date,
        previous_run_to = ${after.previousRun?.to ?? null}::date
      from mine where learner.id = ${draft.learnerId} and learner.xmin::text = ${version}
      returning learner.id
    ),
    recorded as (
      insert into lesson (job_id, learner_id, day, kind, said, reply, corrected_text, suggestion,
        new_words, score, words_total, words_correct, duration_seconds, cost_micro_usd, stars_earned,
        bonus_stars)
      select ${fence.id}, advanced.id, ${draft.day}::date, ${draft.kind}, ${draft.said},
        ${draft.reply}, ${draft.correctedText}, ${draft.suggestion},
        ${JSON.stringify(draft.newWords)}::jsonb, ${draft.score}, ${draft.wordsTotal},
        ${draft.wordsCorrect}, ${draft.durationSeconds}, ${draft.costMicroUsd}, ${starsEarned},
        ${bonusStars}
      from advanced
      returning id, learner_id
    ),
    explained as (
      insert into mistake (lesson_id, position, original, corrected, category, explanation_cs,
        explanation_native)
      select recorded.id, each.* from recorded, jsonb_to_recordset(${mistakes}::jsonb) as each (
        position integer, original text, corrected text, category text, explanation_cs text,
        explanation_native text)
    ),
    accounted as (
      insert into star_entry (learner_id, reason, key, stars)
      select learner_id, reason, key, stars from recorded, (values
        ('lesson', ${String(fence.id)}::text, ${starsEarned}::integer),
        ('daily_challenge', ${draft.day}::text, ${bonusStars}::integer)
      ) as given (reason, key, stars) where stars > 0
    ),
    settled as (
      update budget_day
        -- Where the price is not known, what was held back stands.
        set spent_micro_usd = spent_micro_usd - reserved_micro_usd
          + coalesce(nullif(${draft.costMicroUsd}::bigint, 0), reserved_micro_usd)
      from recorded, quota_use
      where quota_use.job_id = ${fence.id} and quota_use.budget_day = budget_day.day
    )
    select recorded.id as lesson_id from mine left join recorded on true`.execute(db)
  requireLease(rows, fence)
  return rows[0]?.lesson_id ?? null
}

async function recordedLesson(
  db: Kysely<Tables>,
  id: number,
  progress: Progress,
  lessonsOnDay: number,
): Promise<RecordedLesson> {
  const row = await db
    .selectFrom('lesson')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const mistakes = await db
    .selectFrom('mistake')
    .selectAll()
    .where('lesson_id', '=', id)
    .orderBy('position')
    .execute()
  return {
    id: row.id,
    learnerId: row.learner_id,
    day: row.day,
    kind: row.kind,
    said: row.said,
    reply: row.reply,
    correctedText: row.corrected_text,
    suggestion: row.suggestion,
    newWords: row.new_words,
    score: row.score,
    wordsTotal: row.words_total,
    wordsCorrect: row.words_correct,
    durationSeconds: row.duration_seconds,
    costMicroUsd: row.cost_micro_usd,
    starsEarned: row.stars_earned,
    bonusStars: row.bonus_stars,
    mistakes: mistakes.map(mistakeOf),
    progress,
    lessonsOnDay,
  }
}

function mistakeOf(row: Selectable<Tables['mistake']>): Mistake {
  return {
    original: row.original,
    corrected: row.corrected,
    category: row.category as MistakeCategory,
    explanationCs: row.explanation_cs,
    explanationNative: row.explanation_native,
  }
}

function runOf(from: string | null, to: string | null): DayRun | null {
  return from === null || to === null ? null : { from, to }
}

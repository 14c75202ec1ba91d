import { type Kysely, sql, type Transaction } from 'kysely'
import type { LearnerRow, LessonRow, Tables } from '../../db/tables.ts'
import type { Fence } from '../app/job-ports.ts'
import type { LessonDraft, Lessons, MistakeCategory, RecordedLesson } from '../app/ports.ts'
import type { Advance, Progress, Run } from '../domain/progress.ts'
import { endsAsleep, heldJob, requireLease } from './fence.ts'

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

    record: (fence, draft, advance) =>
      db.transaction().execute(async (trx) => {
        const progress = await lockLearner(trx, fence, draft.learnerId)
        const { recorded, lessonsOnDay } = await lookUp(trx, fence, draft)
        if (recorded !== undefined) return recordedLesson(trx, recorded, progress, lessonsOnDay)
        const step = advance(progress, lessonsOnDay + 1)
        const id = await write(trx, fence, draft, step)
        const { starsEarned, bonusStars, after } = step
        return {
          ...draft,
          id,
          starsEarned,
          bonusStars,
          progress: after,
          lessonsOnDay: lessonsOnDay + 1,
        }
      }),

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

/** Locks the job, so that no other run takes it over meanwhile, and the learner's one row. */
async function lockLearner(
  trx: Transaction<Tables>,
  fence: Fence,
  learnerId: number,
): Promise<Progress> {
  const { rows } = await sql<LearnerRow>`
    with mine as (
      ${heldJob(fence)}
    )
    select learner.*, ${endsAsleep} from learner, mine where learner.id = ${learnerId}
    for update of learner`.execute(trx)
  requireLease(rows, fence)
  const [row] = rows
  if (row === undefined) throw new Error('A fenced statement has one row.')
  return {
    totalStars: row.total_stars,
    run: runOf(row.run_from, row.run_to),
    previousRun: runOf(row.previous_run_from, row.previous_run_to),
    maxStreak: row.max_streak,
  }
}

// A statement of its own: it sees what was committed while we waited for the lock.
async function lookUp(
  trx: Transaction<Tables>,
  fence: Fence,
  { learnerId, day }: LessonDraft,
): Promise<{ recorded: LessonRow | undefined; lessonsOnDay: number }> {
  const { rows } = await sql<LessonRow & { recorded_id: number | null; lessons_on_day: number }>`
    with mine as (select * from lesson where job_id = ${fence.id}),
    counted as (
      select count(*) as lessons_on_day from lesson
      where learner_id = ${learnerId} and day = coalesce((select day from mine), ${day}::date)
        and id <= coalesce((select id from mine), id)
    )
    select mine.*, mine.id as recorded_id, counted.lessons_on_day
    from counted left join mine on true`.execute(trx)
  const [row] = rows
  return {
    recorded: row !== undefined && row.recorded_id !== null ? row : undefined,
    lessonsOnDay: row?.lessons_on_day ?? 0,
  }
}

async function write(
  trx: Transaction<Tables>,
  fence: Fence,
  draft: LessonDraft,
  { after, starsEarned, bonusStars }: Advance,
): Promise<number> {
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
  const { rows } = await sql<{ id: number }>`
    with recorded as (
      insert into lesson (job_id, learner_id, day, kind, said, reply, corrected_text, suggestion,
        new_words, score, words_total, words_correct, duration_seconds, cost_micro_usd, stars_earned,
        bonus_stars)
      values (${fence.id}, ${draft.learnerId}, ${draft.day}::date, ${draft.kind}, ${draft.said},
        ${draft.reply}, ${draft.correctedText}, ${draft.suggestion},
        ${JSON.stringify(draft.newWords)}::jsonb, ${draft.score}, ${draft.wordsTotal},
        ${draft.wordsCorrect}, ${draft.durationSeconds}, ${draft.costMicroUsd}, ${starsEarned},
        ${bonusStars})
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
    advanced as (
      update learner set total_stars = ${after.totalStars}, max_streak = ${after.maxStreak},
        run_from = ${after.run?.from ?? null}::date, run_to = ${after.run?.to ?? null}::date,
        previous_run_from = ${after.previousRun?.from ?? null}::date,
        previous_run_to = ${after.previousRun?.to ?? null}::date
      from recorded where learner.id = recorded.learner_id
    ),
    settled as (
      update budget_day
        -- Where the price is not known, what was held back stands.
        set spent_micro_usd = spent_micro_usd - reserved_micro_usd
          + coalesce(nullif(${draft.costMicroUsd}::bigint, 0), reserved_micro_usd)
      from quota_use where job_id = ${fence.id} and quota_use.budget_day = budget_day.day
    )
    select id from recorded`.execute(trx)
  const [row] = rows
  if (row === undefined) throw new Error('An insert returns its row.')
  return row.id
}

async function recordedLesson(
  trx: Transaction<Tables>,
  row: LessonRow,
  progress: Progress,
  lessonsOnDay: number,
): Promise<RecordedLesson> {
  const mistakes = await trx
    .selectFrom('mistake')
    .selectAll()
    .where('lesson_id', '=', row.id)
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
    mistakes: mistakes.map((mistake) => ({
      original: mistake.original,
      corrected: mistake.corrected,
      category: mistake.category as MistakeCategory,
      explanationCs: mistake.explanation_cs,
      explanationNative: mistake.explanation_native,
    })),
    progress,
    lessonsOnDay,
  }
}

function runOf(from: string | null, to: string | null): Run | null {
  return from === null || to === null ? null : { from, to }
}

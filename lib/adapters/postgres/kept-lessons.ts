import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { LessonRow } from '../../../db/tables/lessons.ts'
import type { Tables } from '../../../db/tables.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { KeptLesson, KeptLessons, ReplyKey } from '../../app/lesson/kept-lessons.ts'
import type { LessonMessages } from '../../app/lesson/stores.ts'
import { CHARACTERS, VOICE_SPEEDS } from '../../domain/learner/learner.ts'
import { heldJob, requireLease } from './fence.ts'
import { learnerOf, oneOf } from './learner-rows.ts'
import { draftOf, isLessonOf } from './lesson-rows.ts'

type Found = LessonRow & { learner: LearnerRow; mistakes: Selectable<Tables['mistake']>[] }
type SearchRow = { is_under_way: boolean } & (Found | { [column in keyof Found]: null })

/** The lessons that buttons act on, in PostgreSQL. */
export function pgKeptLessons(db: Kysely<Tables>): KeptLessons {
  return {
    async find(jobId, telegramId) {
      const { rows } = await sql<SearchRow>`
        with owner as (select * from learner where telegram_id = ${telegramId})
        select lesson.*, to_jsonb(owner) as learner, coalesce((
            select jsonb_agg(to_jsonb(mistake) order by position) from mistake
            where lesson_id = lesson.id
          ), '[]') as mistakes,
          exists (select from inbox
            where id = ${jobId} and chat_id = ${telegramId} and state = 'waiting') as is_under_way
        from (select) as one
          left join owner on true
          left join lesson on learner_id = owner.id and withdrawn_at is null and ${isLessonOf(sql`${jobId}::bigint`)}`.execute(
        db,
      )
      const [row] = rows
      if (row === undefined) throw new Error('A search has one row.')
      if (row.id !== null) return { kind: 'found', lesson: keptLessonOf(row) }
      return { kind: row.is_under_way ? 'under-way' : 'none' }
    },

    keepTranslation: (fence, lesson, replyTranslation) =>
      keep(db, fence, lesson, sql`reply_translation = ${replyTranslation}`),

    keepReadyAnswers: (fence, lesson, readyAnswers) =>
      keep(db, fence, lesson, sql`ready_answers = ${JSON.stringify(readyAnswers)}::jsonb`),

    keepSlower: (fence, lesson, { fileId, form }) =>
      keep(db, fence, lesson, sql`slower_file_id = ${fileId}, slower_form = ${form}`),
  }
}

/** Changes a lesson's row while the run owns its job, unless it was deleted or got another reply meanwhile. */
async function keep(
  db: Kysely<Tables>,
  fence: Fence,
  { id, jobId }: ReplyKey,
  change: RawBuilder<unknown>,
): Promise<void> {
  const { rows } = await sql`
    with mine as (${heldJob(fence)}),
    changed as (update lesson set ${change} from mine
      where lesson.id = ${id} and ${isLessonOf(jobId)})
    select id from mine`.execute(db)
  requireLease(rows, fence)
}

function keptLessonOf(row: Found): KeptLesson {
  const { slower_file_id: fileId, slower_form: form } = row
  return {
    ...draftOf(row, row.mistakes),
    id: row.id,
    jobId: row.retake_job_id ?? row.job_id,
    learner: learnerOf(row.learner),
    starsEarned: row.stars_earned,
    bonusStars: row.bonus_stars,
    messages: messagesOf(row),
    slower: fileId === null || form === null ? null : { fileId, form },
    isRetaken: row.retake_job_id !== null,
  }
}

function messagesOf(row: LessonRow): LessonMessages {
  const { verdict_message_id: verdictId, verdict_progress: progress } = row
  const { reply_message_id: replyId, reply_form: form, reply_file_id: fileId } = row
  const { reply_speed: speed, reply_character: character } = row
  const isReplyKnown = replyId !== null && form !== null && speed !== null && character !== null
  return {
    verdict: verdictId === null || progress === null ? null : { messageId: verdictId, progress },
    reply: isReplyKnown
      ? {
          messageId: replyId,
          form,
          fileId,
          speed: oneOf(VOICE_SPEEDS, speed),
          character: oneOf(CHARACTERS, character),
        }
      : null,
  }
}

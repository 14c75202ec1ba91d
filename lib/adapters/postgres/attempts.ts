import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { HELD } from '../../app/jobs/journal.ts'
import type { Attempts } from '../../app/lesson/attempts.ts'
import { STARS_PER_ATTEMPT } from '../../domain/lesson/attempt.ts'
import { heldJob, requireLease } from './fence.ts'
import { messagesNoted } from './lesson-messages.ts'
import { isLessonOf } from './lesson-rows.ts'

/** What comes of held-back lessons, in PostgreSQL. */
export function pgAttempts(db: Kysely<Tables>): Attempts {
  return {
    async reward(fence, { id, jobId }) {
      const { rows } = await sql<{ total: number | null }>`
        with mine as (${heldJob(fence)}),
        target as (
          select learner_id, job_id from lesson, mine
          where lesson.id = ${id} and withdrawn_at is null and ${isLessonOf(jobId)}
        ),
        entry as (
          insert into star_entry (learner_id, reason, key, stars)
          select learner_id, 'attempt', job_id::text, ${STARS_PER_ATTEMPT}::integer from target
          on conflict do nothing returning learner_id, stars
        ),
        rewarded as (
          update learner set total_stars = total_stars + entry.stars from entry
          where learner.id = entry.learner_id returning total_stars
        )
        select coalesce((select total_stars from rewarded),
          (select total_stars from learner join target on target.learner_id = learner.id)) as total
        from mine`.execute(db)
      requireLease(rows, fence)
      return rows[0]?.total ?? undefined
    },

    async conclude(fence, { id, jobId }, messages) {
      const { rows } = await sql<{ is_lesson: boolean }>`
        with mine as (${heldJob(fence)}),
        noted as (
          update lesson set ${messagesNoted(messages)} from mine
          where lesson.id = ${id} and ${isLessonOf(jobId)}
          returning withdrawn_at
        ),
        forgotten as (
          delete from journal using mine where job_id = ${jobId} and step = ${HELD}
        )
        select exists (select from noted where withdrawn_at is null) as is_lesson
        from mine`.execute(db)
      requireLease(rows, fence)
      return rows[0]?.is_lesson ?? false
    },
  }
}

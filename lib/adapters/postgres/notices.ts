import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Notices } from '../../app/notices.ts'
import { heldJob, requireLease } from './fence.ts'

/** The notices in PostgreSQL; those of a chat that have expired are deleted by its next one. */
export function pgNotices(db: Kysely<Tables>): Notices {
  return {
    async claim(job, { chatId, name, keepHours = null }) {
      // An update that changes nothing: with `do nothing` the row that is there would not be returned.
      const { rows } = await sql<{ job_id: number }>`
        with held as (${heldJob(job)}), expired as (
          delete from notice using held
          where chat_id = ${chatId} and expires_at < now() and name <> ${name}
        )
        insert into notice (chat_id, name, job_id, expires_at)
        select ${chatId}::bigint, ${name}::text, held.id,
          now() + ${keepHours}::integer * interval '1 hour' from held
        on conflict (chat_id, name) do update set
          job_id = case when notice.expires_at < now() then excluded.job_id else notice.job_id end,
          expires_at = case when notice.expires_at < now() then excluded.expires_at else notice.expires_at end
        returning job_id`.execute(db)
      requireLease(rows, job)
      return rows[0]?.job_id === job.id
    },

    async isClaimed({ id }, { chatId, name }) {
      const row = await db
        .selectFrom('notice')
        .select('job_id')
        .where('chat_id', '=', chatId)
        .where('name', '=', name)
        .executeTakeFirst()
      return row?.job_id === id
    },
  }
}

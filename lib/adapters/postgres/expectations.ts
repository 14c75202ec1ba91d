import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Expectations } from '../../app/expectations.ts'
import { heldJob, requireLease } from './fence.ts'

/** What messages may answer, in PostgreSQL; those of a learner that have expired are deleted by the next one. */
export function pgExpectations(db: Kysely<Tables>): Expectations {
  return {
    async open(fence, { chatId, messageId, learnerId, kind, about, keepHours }) {
      const { rows } = await sql`
        with mine as (${heldJob(fence)}),
        expired as (
          delete from expectation using mine where learner_id = ${learnerId} and expires_at < now()
        ),
        opened as (
          insert into expectation (chat_id, message_id, learner_id, kind, about, expires_at)
          select ${chatId}::bigint, ${messageId}::bigint, ${learnerId}::bigint, ${kind}::text,
            ${about}::text, now() + ${keepHours}::integer * interval '1 hour' from mine
          on conflict do nothing
        )
        select id from mine`.execute(db)
      requireLease(rows, fence)
    },

    async isOpen(learnerId, { kind, about }) {
      const { rows } = await sql`
        select from expectation
        where learner_id = ${learnerId} and kind = ${kind} and about = ${about}
          and expires_at > now() and answered_by is null limit 1`.execute(db)
      return rows.length > 0
    },

    async close(fence, { chatId, messageId }) {
      const { rows } = await sql`
        with mine as (${heldJob(fence)}),
        closed as (
          update expectation set answered_by = mine.id from mine
          where chat_id = ${chatId} and message_id = ${messageId} and answered_by is null
        )
        select id from mine`.execute(db)
      requireLease(rows, fence)
    },

    async claim(fence, learnerId, { kind, about }) {
      const isIt = sql`learner_id = ${learnerId} and kind = ${kind} and about = ${about}`
      const { rows } = await sql<{ is_mine: boolean; is_there: boolean }>`
        with mine as (${heldJob(fence)}),
        claimed as (
          update expectation set answered_by = mine.id from mine
          where ${isIt} and (answered_by is null or answered_by = mine.id
            or exists (select from inbox where inbox.id = answered_by and state = 'dead'))
          returning message_id
        )
        select exists (select from claimed) as is_mine,
          exists (select from expectation where ${isIt}) as is_there
        from mine`.execute(db)
      requireLease(rows, fence)
      const [state] = rows
      if (state?.is_mine) return 'claimed'
      return state?.is_there ? 'answered' : 'gone'
    },
  }
}

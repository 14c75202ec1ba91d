import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { type Addition, fullLaneOf, LANE_DEPTH, type NewJob } from '../../app/jobs/inbox.ts'

/** Stores a job, in a transaction of the caller's if it has one. */
export async function addJob(db: Kysely<Tables>, job: NewJob): Promise<Addition> {
  // Ids of a lane are given in the order of their commits: else a later job may be running when an
  // earlier one comes to light, and the lane would run two at once.
  // Without a conflict target: a second unique index would otherwise turn into an error.
  // Behind a full lane the hour is the key, so that its sender is told once an hour.
  const chatId = sql`${job.message?.chatId ?? null}::bigint`
  const messageId = sql`${job.message?.messageId ?? null}::bigint`
  const { rows } = await sql<{ is_full: boolean; is_stored: boolean }>`
    with turn as materialized (select pg_advisory_xact_lock(hashtextextended(${job.lane}, 0))),
    depth as (
      select count(*) >= ${LANE_DEPTH} and not exists (
          select from inbox where source = ${job.source} and (key = ${job.key}
            or (chat_id = ${chatId} and message_id = ${messageId} and message_id is not null))
        ) as is_full
      from (
        select from inbox
        where lane between ${job.lane} and ${job.lane} and state = 'waiting'
        order by lane, id limit ${LANE_DEPTH}
      ) as waiting
    ),
    stored as (
      insert into inbox (source, key, lane, slots, is_surplus, state, payload, attachment,
        request_hash, chat_id, message_id, learner_id, received_at, due_at, finished_at)
      select ${job.source},
        case when is_full
          then ${fullLaneOf(job.lane)} || ' ' || to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24')
          else ${job.key} end,
        case when is_full then ${fullLaneOf(job.lane)} else ${job.lane} end,
        case when is_full then 'quick' else ${job.slots} end,
        is_full, ${stateOf(job)}, ${job.payload}::bytea, ${job.attachment ?? null}::bytea,
        ${job.requestHash ?? null}::bytea, ${chatId}, case when is_full then null else ${messageId} end,
        ${job.learnerId ?? null}::bigint, coalesce(${job.dueAt ?? null}::timestamptz, now()),
        coalesce(${job.dueAt ?? null}::timestamptz, now()),
        case when ${job.poison ?? false}::boolean then now() end
      from turn, depth
      -- A learner who is being deleted gets no job that would outlive them.
      where ${job.learnerId ?? null}::bigint is null
        or exists (select from learner where id = ${job.learnerId ?? null}::bigint for key share)
      on conflict do nothing returning id
    )
    select is_full, exists (select from stored) as is_stored from depth`.execute(db)
  const [row] = rows
  if (row?.is_full) return 'lane-full'
  return row?.is_stored ? 'stored' : 'duplicate'
}

function stateOf({ poison = false }: NewJob): 'waiting' | 'poison' {
  return poison ? 'poison' : 'waiting'
}

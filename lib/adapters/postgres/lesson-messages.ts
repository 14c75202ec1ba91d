import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { LessonMessages } from '../../app/lesson/stores.ts'
import type { Account } from '../../app/usage.ts'
import { heldJob, requireLease } from './fence.ts'
import { isLessonOf } from './lesson-rows.ts'
import { accountOf, speechCost } from './usage.ts'

/** Notes on the job's lesson what its speech has cost and where its messages are; what the whole job has cost. */
export async function addSpeechCost(
  db: Kysely<Tables>,
  fence: Fence,
  messages: LessonMessages = { verdict: null, reply: null },
): Promise<{ account: Account; isLesson: boolean }> {
  const { rows } = await sql<{ account: Account; isLesson: boolean }>`
    with mine as (${heldJob(fence)}),
    ${speechCost(fence)},
    noted as (
      update lesson set
        -- What a retake costs is in the ledger alone.
        speech_cost_micro_usd = case when job_id = mine.id then speech.cost else speech_cost_micro_usd end,
        ${unlessNoted(messageColumns(messages))}
      from mine, speech where ${isLessonOf(sql`mine.id`)}
      returning withdrawn_at is null as is_lesson
    )
    select ${accountOf(fence.id)} as account,
      coalesce((select is_lesson from noted), false) as "isLesson"
    from mine`.execute(db)
  requireLease(rows, fence)
  const [row] = rows
  if (row === undefined) throw new Error('A fenced statement has one row.')
  return row
}

/** The columns of a lesson that say where its messages are. */
function messageColumns({ verdict, reply }: LessonMessages): Record<string, RawBuilder<unknown>> {
  const progress = verdict && JSON.stringify(verdict.progress)
  return {
    verdict_message_id: sql`${verdict?.messageId ?? null}::bigint`,
    verdict_progress: sql`${progress}::jsonb`,
    reply_message_id: sql`${reply?.messageId ?? null}::bigint`,
    reply_file_id: sql`${reply?.fileId ?? null}::text`,
    reply_form: sql`${reply?.form ?? null}::text`,
    reply_speed: sql`${reply?.speed ?? null}::text`,
    reply_character: sql`${reply?.character ?? null}::text`,
  }
}

/** Assigns columns of a lesson whose messages are not noted yet: a press may have moved them since. */
function unlessNoted(columns: Record<string, RawBuilder<unknown>>): RawBuilder<unknown> {
  return sql.join(
    Object.entries(columns).map(
      ([name, value]) =>
        sql`${sql.ref(name)} = case when verdict_message_id is null then ${value} else ${sql.ref(name)} end`,
    ),
  )
}

/** Assigns the columns that say where a lesson's messages are. */
export function messagesNoted(messages: LessonMessages): RawBuilder<unknown> {
  return sql.join(
    Object.entries(messageColumns(messages)).map(
      ([name, value]) => sql`${sql.ref(name)} = ${value}`,
    ),
  )
}

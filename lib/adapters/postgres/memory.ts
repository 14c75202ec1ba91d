import { type Kysely, sql } from 'kysely'
import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { Tables } from '../../../db/tables.ts'
import type { Fence } from '../../app/jobs/job.ts'
import type { Exchange, Finding, Memory, Notebook } from '../../app/memory/memory.ts'
import type { Fact } from '../../domain/memory/facts.ts'
import { heldJob, requireLease } from './fence.ts'
import { learnerOf } from './learner-rows.ts'

/** The facts about learners in PostgreSQL. */
export function pgMemory(db: Kysely<Tables>): Memory {
  return {
    factsOf: (learnerId) => factsOf(db, learnerId),
    notebookOf: (learnerId, maxLessons) => notebookOf(db, learnerId, maxLessons),

    keep: (fence, learnerId, finding) =>
      db.transaction().execute((transaction) => keep(transaction, fence, learnerId, finding)),

    forget: (fence, learnerId, selection) =>
      db.transaction().execute(async (transaction) => {
        await passOver(transaction, fence, learnerId)
        await deleteFacts(transaction, learnerId, selection)
      }),

    turn: (fence, learnerId, remembers) =>
      db.transaction().execute(async (transaction) => {
        await passOver(transaction, fence, learnerId, remembers)
        if (!remembers) await deleteFacts(transaction, learnerId, 'all')
      }),

    async beginConversation(fence, learnerId) {
      const { rows } = await sql`
        with mine as (${heldJob(fence)}),
        begun as (
          update learner set conversation_after = ${newestLessonOf(learnerId)} from mine
          where learner.id = ${learnerId}
        )
        select id from mine`.execute(db)
      requireLease(rows, fence)
    },
  }
}

async function factsOf(db: Kysely<Tables>, learnerId: number): Promise<Fact[]> {
  return db
    .selectFrom('fact')
    .select(['id', 'text'])
    .where('learner_id', '=', learnerId)
    .orderBy('id')
    .execute()
}

async function notebookOf(
  db: Kysely<Tables>,
  learnerId: number,
  maxLessons: number,
): Promise<Notebook | undefined> {
  type Row = LearnerRow & { facts: Fact[]; exchanges: Exchange[] }
  const { rows } = await sql<Row>`
    select learner.*, coalesce((
        select jsonb_agg(jsonb_build_object('id', id, 'text', text) order by id)
        from fact where learner_id = learner.id
      ), '[]') as facts, coalesce((
        select jsonb_agg(jsonb_build_object('lessonId', id, 'jobId', job_id,
            'replyBefore', coalesce(reply_before, ''), 'said', said) order by id)
          filter (where id > facts_upto)
        from (
          -- One lesson more, whose reply the first exchange answers.
          select id, job_id, said, lag(reply) over (order by id) as reply_before
          from (
            select id, coalesce(retake_job_id, job_id) as job_id, said, reply from lesson
            where learner_id = ${learnerId} and withdrawn_at is null
            order by id desc limit ${maxLessons + 1}
          ) as newest
        ) as exchange
      ), '[]') as exchanges
    from learner where id = ${learnerId} and remembers`.execute(db)
  const [row] = rows
  const exchanges = row?.exchanges.slice(-maxLessons) ?? []
  const upto = exchanges.at(-1)?.lessonId
  if (row === undefined || upto === undefined) return undefined
  return { learner: learnerOf(row), facts: row.facts, exchanges, after: row.facts_upto, upto }
}

/**
 * Holds the job and the learner, as all that changes what lessons earn does: what is withdrawn or said again meanwhile waits,
 * and then takes these facts with it (`forgetLesson`).
 */
async function keep(
  transaction: Kysely<Tables>,
  fence: Fence,
  learnerId: number,
  { added, removedIds, after, upto, jobIds }: Finding,
): Promise<boolean> {
  const { rows: jobs } = await heldJob(fence).execute(transaction)
  requireLease(jobs, fence)
  const { rows: learners } = await sql`
    update learner set facts_upto = ${upto}
    where id = ${learnerId} and remembers and facts_upto = ${after} returning id`.execute(
    transaction,
  )
  if (learners.length === 0) return false
  if (removedIds.length > 0)
    await transaction
      .deleteFrom('fact')
      .where('learner_id', '=', learnerId)
      .where('id', 'in', removedIds)
      .execute()
  // Lessons that still have the words in which these facts were found.
  await sql`
    insert into fact (learner_id, lesson_id, text)
    select learner_id, lesson.id, each.text
    from jsonb_to_recordset(${JSON.stringify(added)}::jsonb) as each ("lessonId" bigint, text text)
      join lesson on lesson.id = "lessonId"
    where learner_id = ${learnerId} and withdrawn_at is null
      and coalesce(retake_job_id, job_id) = any(string_to_array(${jobIds.join(',')}, ',')::bigint[])`.execute(
    transaction,
  )
  return true
}

function newestLessonOf(learnerId: number) {
  return sql`coalesce((select max(id) from lesson where learner_id = ${learnerId}), 0)`
}

/** Nothing said until now is looked at any more: a job that is looking at it will keep nothing. */
async function passOver(
  transaction: Kysely<Tables>,
  fence: Fence,
  learnerId: number,
  remembers?: boolean,
): Promise<void> {
  const { rows: jobs } = await heldJob(fence).execute(transaction)
  requireLease(jobs, fence)
  // Locked by a statement of its own: the next one sees a lesson that was being written meanwhile.
  await sql`select from learner where id = ${learnerId} for update`.execute(transaction)
  await sql`
    update learner set facts_upto = ${newestLessonOf(learnerId)},
      remembers = coalesce(${remembers ?? null}::boolean, remembers)
    where id = ${learnerId}`.execute(transaction)
}

/** Deletes facts, and what jobs have found and not kept yet. */
async function deleteFacts(
  transaction: Kysely<Tables>,
  learnerId: number,
  selection: number | 'all',
): Promise<void> {
  await sql`
    with unfound as (
      delete from journal using inbox
      where job_id = inbox.id and inbox.learner_id = ${learnerId} and source like 'memory:%'
    )
    delete from fact
    where learner_id = ${learnerId}
      and id = coalesce(${selection === 'all' ? null : selection}::bigint, id)`.execute(transaction)
}

/** Deletes what was learned from a lesson whose words have changed, or which is none any more. */
export async function forgetLesson(
  db: Kysely<Tables>,
  fence: Fence,
  lessonId: number,
): Promise<void> {
  const { rows } = await sql`
    with mine as (${heldJob(fence)}),
    forgotten as (delete from fact using mine where lesson_id = ${lessonId})
    select id from mine`.execute(db)
  requireLease(rows, fence)
}

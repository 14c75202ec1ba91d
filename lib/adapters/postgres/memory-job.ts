import { sql } from 'kysely'
import type { Fence } from '../../app/jobs/job.ts'
import { MEMORY_SOURCE } from '../../app/memory/memory.ts'

/** Lessons in which facts are looked for together, unless a new day begins before. */
const LESSONS_REMEMBERED_TOGETHER = 5

/**
 * Stores, with the lesson, the job that looks for facts in the lessons since the last one: of learners on Telegram, where
 * it can be turned off. One that waits will look at this lesson, too.
 */
export function memoryJob({ id }: Fence, { isFirstOfDay }: { isFirstOfDay: boolean }) {
  const earlierLessons = isFirstOfDay ? 1 : LESSONS_REMEMBERED_TOGETHER - 1
  const { source, slots } = MEMORY_SOURCE
  return sql`due as (
      select advanced.id, 'memory:' || advanced.id as lane from recorded, advanced
      where remembers and telegram_id is not null and ${earlierLessons} <= (
        select count(*) from (
          select from lesson
          where learner_id = advanced.id and lesson.id > facts_upto and withdrawn_at is null
          limit ${earlierLessons}
        ) as earlier)
    ),
    remembering as (
      insert into inbox (source, key, lane, slots, payload, learner_id)
      select ${source}, ${memoryKeyOf(id)}, lane, ${slots}, '', due.id from due
      where not exists (
        select from inbox where inbox.lane = due.lane and inbox.state = 'waiting')
      on conflict do nothing returning lane
    )`
}

/** The lane of the job that was stored with the lesson, while it waits. */
export function waitingMemoryLane({ id }: Fence) {
  return sql<string | null>`(
    select lane from inbox
    where source = ${MEMORY_SOURCE.source} and key = ${memoryKeyOf(id)} and state = 'waiting')`
}

/** The key of the job that looks for facts, by the job whose lesson has brought it. */
function memoryKeyOf(jobId: number): string {
  return `lesson:${jobId}`
}

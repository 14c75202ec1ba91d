import { sql } from 'kysely'
import type { Answer, FoundJob } from './verdict.ts'
import type { PostgresWorld } from './world.ts'

/** The events that the product has logged as errors since its last restart. */
export function errorsIn(world: PostgresWorld): string[] {
  return world.logged().flatMap((line) => {
    const { level, event }: { level: string; event: string } = JSON.parse(line)
    return level === 'error' ? [event] : []
  })
}

/** What Telegram was answered, from its so-manieth delivery on. */
export function deliveries({ telegram }: PostgresWorld, from: number): Answer[] {
  return telegram.attempts.slice(from).flatMap(({ outcome }) => {
    if (outcome === null) return []
    if (outcome.ok) return [{ status: outcome.status, asksAgain: false }]
    const asksAgain = outcome.retryAfterSeconds > 0
    if (outcome.status !== null) return [{ status: outcome.status, asksAgain }]
    return [{ status: 0, asksAgain, error: outcome.error }]
  })
}

/** The newest job there is; 0 where there is none. */
export async function lastJobId({ db }: PostgresWorld): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select coalesce(max(id), 0) as id from inbox`.execute(db)
  return rows[0]?.id ?? 0
}

/** The finished steps of all jobs after this one. */
export async function journaledStagesSince(
  { db }: PostgresWorld,
  job: number,
): Promise<Set<string>> {
  const { rows } = await sql<{ stage: string }>`
    select split_part(step, ':', 1) as stage from journal
    where state = 'done' and job_id > ${job}`.execute(db)
  return new Set(rows.map(({ stage }) => stage))
}

/** All jobs after this one, oldest first. */
export async function jobsSince({ db }: PostgresWorld, job: number): Promise<FoundJob[]> {
  return db
    .selectFrom('inbox')
    .leftJoin('lesson', 'lesson.job_id', 'inbox.id')
    .select(['state', 'attempts', 'duplicates_possible', 'last_error', 'lesson.id as lesson'])
    .where('inbox.id', '>', job)
    .orderBy('inbox.id')
    .execute()
}

/** How many jobs wait. */
export async function waiting({ db }: PostgresWorld): Promise<number> {
  const { rows } = await sql`select id from inbox where state = 'waiting'`.execute(db)
  return rows.length
}

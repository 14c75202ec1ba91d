import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'

/** A job and its journal at one moment. */
export type JobState = {
  state: string
  attempts: number
  duplicates: number
  /** Steps whose result is stored; speech without the hash of its text. */
  doneSteps: string[]
  /** Sends whose start alone is stored: whether they arrived is unknowable. */
  openSends: string[]
}

/** What the database holds of a learner; lessons and places by kind, stars as they were given. */
export type Holding = {
  nativeLanguage: string
  level: string
  lessons: string[]
  stars: number[]
  places: string[]
  maxStreak: number
}

/** The job of a key with its journal, as of one moment; undefined where there is none. */
export async function jobStateOf(db: Kysely<Tables>, key: string): Promise<JobState | undefined> {
  const { rows } = await sql<JobState>`
    select inbox.state, attempts, duplicates_possible as duplicates,
      coalesce(json_agg(split_part(step, ':', 1) order by step)
        filter (where journal.state = 'done'), '[]') as "doneSteps",
      coalesce(json_agg(step order by step) filter (where journal.state = 'started'), '[]') as "openSends"
    from inbox left join journal on journal.job_id = inbox.id
    where key = ${key} group by inbox.id`.execute(db)
  return rows[0]
}

/** What the database holds of the learner with this id, on Telegram or as a caller's. */
export async function holdingOf(db: Kysely<Tables>, id: number): Promise<Holding | undefined> {
  const { rows } = await sql<Holding>`
    select native_language as "nativeLanguage", level,
      (select coalesce(json_agg(kind order by id), '[]') from lesson where learner_id = learner.id)
        as lessons,
      (select coalesce(json_agg(stars order by reason, key), '[]') from star_entry
        where learner_id = learner.id) as stars,
      (select coalesce(json_agg(kind || ' ' || place order by kind, place), '[]') from quota_use
        where learner_id = learner.id) as places,
      max_streak as "maxStreak"
    from learner where telegram_id = ${id} or external_id = ${String(id)}`.execute(db)
  return rows[0]
}

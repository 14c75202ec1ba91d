import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'

/** Where the jobs of a backlog stand. */
export type Shape = {
  name: string
  /** How many lanes a backlog of so many jobs has. */
  lanes(jobs: number): number
  /** Each lane's first job waits for a retry, and those behind it wait for that. */
  isParked: boolean
  /** The lane that measurements claim from; else each from one of its own. */
  probedLane?: string
}

/** Backlogs that an outage of ours, one learner who sends on and on, and a provider's outage leave. */
export const SHAPES: Readonly<Record<'spread' | 'deep' | 'parked', Shape>> = {
  spread: { name: 'five jobs in each lane', lanes: (jobs) => jobs / 5, isParked: false },
  deep: { name: 'all in one lane', lanes: () => 1, isParked: false, probedLane: 'chat:1' },
  parked: {
    name: 'five jobs in each lane, the first of them parked',
    lanes: (jobs) => jobs / 5,
    isParked: true,
  },
}

/** Whose the jobs are: the bot that openWorld makes. */
export const SOURCE = 'tg:12345'

/**
 * Fills the inbox with so many waiting updates of which no run has begun. They are Telegram's own notes about
 * a chat, which the product claims, reads, routes and finishes without calling Telegram or OpenAI.
 */
export async function fillInbox(db: Kysely<Tables>, jobs: number, shape: Shape): Promise<void> {
  const lanes = Math.max(1, Math.round(shape.lanes(jobs)))
  await sql`
    insert into inbox (source, key, lane, payload, chat_id, message_id)
    select ${SOURCE}, 'waiting ' || n, 'chat:' || chat, convert_to(json_build_object(
        'update_id', n,
        'message', json_build_object('message_id', n, 'date', 1780000000, 'delete_chat_photo', true,
          'chat', json_build_object('id', chat, 'type', 'private', 'first_name', 'Olena')))::text, 'UTF8'),
      chat, n
    from (select n, 1 + n % ${lanes}::integer as chat from generate_series(1, ${jobs}::integer) as n)
      as update_of`.execute(db)
  if (shape.isParked) {
    await sql`update inbox set due_at = now() + interval '1 hour', parked = true
      where id in (select min(id) from inbox where state = 'waiting' group by lane)`.execute(db)
  }
  await sql`vacuum analyze inbox`.execute(db)
}

import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'

/** Everything that happened to one job, kept even after the product has pruned it. */
export type JobHistory = {
  id: number
  source: string
  key: string
  lane: string
  state: string
  attempts: number
  lastError: string | null
  duplicatesPossible: number
  /** When it was stored, and when it was opened again. */
  receivedAt: Date[]
  /** The moments at which a run began, in the order of everything that happened. */
  claims: number[]
  steps: Map<string, StepHistory>
  /** When it last stopped waiting: its place in the order of all changes. */
  endedAt: number | undefined
  /** Its person was deleted: it is empty, and was ended where it had not. */
  isErased: boolean
}

export type StepHistory = {
  /** How often it may have been sent. */
  sends: number
  /** When its result was stored: its place in the order of all changes. */
  doneAt: number | undefined
}

/** Makes the database record every change of a job and of its journal. */
export async function recordHistory(db: Kysely<Tables>): Promise<void> {
  for (const statement of RECORDING) await sql.raw(statement).execute(db)
}

const RECORDING = [
  `create sequence proof_order`,
  `create table proof_job (
     at bigint primary key default nextval('proof_order'), is_claim boolean, id bigint, source text,
     key text, lane text, state text, attempts integer, last_error text,
     duplicates_possible integer, received_at timestamptz)`,
  `create table proof_step (
     at bigint primary key default nextval('proof_order'), job_id bigint, step text, state text,
     sends integer)`,
  `create function proof_job() returns trigger language plpgsql as $$
     begin
       insert into proof_job (is_claim, id, source, key, lane, state, attempts, last_error,
         duplicates_possible, received_at)
       values (tg_op = 'UPDATE' and new.lease_until is not null
           and new.lease_token is distinct from old.lease_token,
         new.id, new.source, new.key, new.lane, new.state, new.attempts, new.last_error,
         new.duplicates_possible, new.received_at);
       return null;
     end $$`,
  `create function proof_step() returns trigger language plpgsql as $$
     begin
       insert into proof_step (job_id, step, state, sends)
       values (new.job_id, new.step, new.state, new.sends);
       return null;
     end $$`,
  `create trigger proof_job after insert or update on inbox for each row execute function proof_job()`,
  `create trigger proof_step after insert or update on journal
     for each row execute function proof_step()`,
]

/** Every job since the history was last emptied, oldest first. */
export async function readHistory(db: Kysely<Tables>): Promise<JobHistory[]> {
  const jobs = new Map<number, JobHistory>()
  for (const row of await rowsOf<JobRow>(db, 'proof_job')) {
    const { id, source, key, lane, is_claim, received_at, at, ...now } = row
    const history = jobs.get(id) ?? emptyHistory({ id, source, key, lane })
    jobs.set(id, {
      ...history,
      // Done as far as it could be: its sender had closed the chat.
      state: now.state === 'done' && now.last_error !== null ? 'left' : now.state,
      attempts: now.attempts,
      lastError: now.last_error ?? history.lastError,
      duplicatesPossible: now.duplicates_possible,
      receivedAt: [
        ...new Map([...history.receivedAt, received_at].map((on) => [+on, on])).values(),
      ],
      claims: is_claim ? [...history.claims, at] : history.claims,
      endedAt: now.state === 'waiting' ? undefined : (history.endedAt ?? at),
      isErased: history.isErased || lane.startsWith('deleted:'),
    })
  }
  for (const { at, job_id, step, state, sends } of await rowsOf<StepRow>(db, 'proof_step')) {
    const steps = jobs.get(job_id)?.steps
    const doneAt = steps?.get(step)?.doneAt ?? (state === 'done' ? at : undefined)
    steps?.set(step, { sends, doneAt })
  }
  return [...jobs.values()].sort((a, b) => a.id - b.id)
}

/** Empties the history, for the next run on the same tables. */
export async function forgetHistory(db: Kysely<Tables>): Promise<void> {
  await sql`truncate proof_job, proof_step`.execute(db)
}

type JobRow = Pick<JobHistory, 'id' | 'source' | 'key' | 'lane' | 'state' | 'attempts'> & {
  at: number
  is_claim: boolean
  last_error: string | null
  duplicates_possible: number
  received_at: Date
}
type StepRow = { at: number; job_id: number; step: string; state: string; sends: number }

async function rowsOf<Row>(db: Kysely<Tables>, table: string): Promise<Row[]> {
  const { rows } = await sql<Row>`select * from ${sql.table(table)} order by at`.execute(db)
  return rows
}

function emptyHistory(identity: Pick<JobHistory, 'id' | 'source' | 'key' | 'lane'>): JobHistory {
  return {
    ...identity,
    state: 'waiting',
    attempts: 0,
    lastError: null,
    duplicatesPossible: 0,
    receivedAt: [],
    claims: [],
    steps: new Map(),
    endedAt: undefined,
    isErased: false,
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { OpenaiStandIn } from '../../../scripts/studio/openai/stand-in.ts'
import { countPaidCalls, countPaidRequests, type PaidCalls } from '../paid-calls.ts'
import { LEFT_TO_OTHERS } from './crossing-names.ts'
import type { Victim } from './takeover-pair.ts'
import { jobStateOf } from './takeover-state.ts'

/** Longer than anything here takes: a lease is a second, and so is a start. */
const LONGEST_MS = 30_000
const POLL_MS = 20
/** After the end of a job its lane is still asked for a next one. */
const AFTER_THE_END_MS = 1_500
const STILL_MS = 400

/** Waits until the victim stops at the crossing; false where its job or its process ends without it. */
export async function untilStopped(
  db: Kysely<Tables>,
  victim: Victim,
  key: string,
  crossing: string,
): Promise<boolean> {
  let isGone = false
  void victim.exit.then(() => {
    isGone = true
  })
  const isThere = () => victim.crossings().at(-1) === crossing
  const isOver = async () => isGone || isThere() || (await jobStateOf(db, key))?.state === 'done'
  await until(isOver)
  await until(() => isGone || isThere(), AFTER_THE_END_MS)
  return isThere()
}

/** Waits until a process crosses nothing more. */
export async function untilStill(victim: Victim): Promise<void> {
  let crossingCount = -1
  while (victim.crossings().length > crossingCount) {
    crossingCount = victim.crossings().length
    await delay(STILL_MS)
  }
}

/** How often in a row the connections of a process that only sleeps have to be found idle. */
const QUIET_POLLS = 5

/** Waits until the database works on no statement of a process. */
export async function untilQuiet(
  db: Kysely<Tables>,
  connections: string,
  signal: 'SIGKILL' | 'SIGSTOP',
): Promise<void> {
  let quietLooks = 0
  const isQuiet = async () => {
    const { rows } = await sql<{ waits: boolean }>`
      select state like 'idle%' or wait_event_type in ('Lock', 'Client') as waits
      from pg_stat_activity where application_name = ${connections}`.execute(db)
    // A paused process may hold locks in a transaction for which its other connections wait.
    const isIdle = rows.every(({ waits }) => signal === 'SIGSTOP' && waits)
    quietLooks = isIdle ? quietLooks + 1 : 0
    // The connections of a dead process go away, once its last statements are finished.
    return quietLooks >= (rows.length === 0 ? 1 : QUIET_POLLS)
  }
  if (!(await until(isQuiet))) throw new Error('The database stays busy.')
}

/** Whether no job waits or is under way. */
export async function isIdle(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`select from inbox where state = 'waiting'`.execute(db)
  return rows.length === 0
}

/** How often each stage is asked for from now on. */
export function countCallsFrom(provider: OpenaiStandIn): () => PaidCalls {
  const before = provider.requests.length
  return () => countPaidCalls(provider.requests.slice(before))
}

/** How many requests of each stage are paid for from now on. */
export function countPaidFrom(provider: OpenaiStandIn): () => PaidCalls {
  const before = provider.requests.length
  return () => countPaidRequests(provider.requests.slice(before))
}

/** What a process has logged as an error, in a few words each. */
export function errorsIn(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.includes('"level":"error"'))
  const errors = lines.map((line) => {
    const { event, error } = JSON.parse(line) as { event?: string; error?: { message?: string } }
    return `${event}: ${error?.message ?? line}`
  })
  return errors.filter((error) => !error.includes(LEFT_TO_OTHERS))
}

/** Polls until the condition is true; false where it is not in time. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  withinMs = LONGEST_MS,
): Promise<boolean> {
  const endsAt = performance.now() + withinMs
  while (!(await isTrue())) {
    if (performance.now() > endsAt) return false
    await delay(POLL_MS)
  }
  return true
}

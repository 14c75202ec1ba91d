import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import type { Inbox, NewJob } from '../../lib/app/jobs/inbox.ts'
import type { Fence, Job } from '../../lib/app/jobs/job.ts'
import type { Journal } from '../../lib/app/jobs/journal.ts'
import type { LedgerEntry, Stage } from '../../lib/app/usage.ts'

let jobCount = 0

type TelegramJob = Extract<NewJob, { source: `tg:${string}` }>

/** A lane that no other test uses. */
export function newLane(): string {
  jobCount += 1
  return `chat:${jobCount}`
}

/** A job that is not stored yet, in a lane of its own unless one is given. */
export function newJob(overrides: Partial<TelegramJob> = {}): TelegramJob {
  jobCount += 1
  const payload = bytesOf('{}')
  return {
    source: 'tg:1',
    slots: 'lesson',
    key: `key ${jobCount}`,
    lane: newLane(),
    payload,
    ...overrides,
  }
}

/** The same of a source whose sender hears of a failure at once. */
export function newApiJob(): NewJob {
  return { ...newJob(), source: 'api:1', slots: 'lesson' }
}

/** Stores a job and claims it. */
export async function beginJob(inbox: Inbox, overrides: Partial<TelegramJob> = {}): Promise<Job> {
  const job = newJob(overrides)
  await inbox.add(job)
  return claimJob(inbox, job.lane)
}

/** Claims a lane's first job; throws where it cannot be had. */
export async function claimJob(inbox: Inbox, lane: string): Promise<Job> {
  const claim = await inbox.claim(lane, 'lesson')
  if (claim.kind !== 'claimed') throw new Error(`Lane ${lane} is ${claim.kind}.`)
  return claim.job
}

/** Makes a job's lease lapse, as when its process is gone. */
export async function lapseLease(db: Kysely<Tables>, { id }: { id: number }): Promise<void> {
  await sql`update inbox set lease_until = now() - interval '1 second' where id = ${id}`.execute(db)
}

/** Lets another run take the job over; the old run's job is then out of date. */
export async function takeOver(db: Kysely<Tables>, inbox: Inbox, job: Job): Promise<Job> {
  await lapseLease(db, job)
  return claimJob(inbox, job.lane)
}

/** Makes everything that waits in a lane due now. */
export async function makeDue(db: Kysely<Tables>, lane: string): Promise<void> {
  await sql`update inbox set due_at = now() where lane = ${lane} and state = 'waiting'`.execute(db)
}

/** Lets time pass for all that waits: jobs grow older and nearer to their due times, as does the next probe. */
export async function passTime(db: Kysely<Tables>, ms: number): Promise<void> {
  const interval = sql`${ms}::float8 * interval '1 millisecond'`
  await sql`
    update inbox set due_at = due_at - ${interval}, received_at = received_at - ${interval}
    where state = 'waiting'`.execute(db)
  await sql`update breaker set probe_at = probe_at - ${interval}`.execute(db)
}

export function rowOf(db: Kysely<Tables>, { id }: { id: number }) {
  return db.selectFrom('inbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** The steps in a job's journal, in alphabetical order. */
export async function stepsOf(db: Kysely<Tables>, { id }: { id: number }): Promise<string[]> {
  const rows = await db.selectFrom('journal').select('step').where('job_id', '=', id).execute()
  return rows.map((row) => row.step).sort()
}

/** Stores one step's result. */
export async function remember(
  journal: Journal,
  fence: Fence,
  step: string,
  value: unknown,
): Promise<void> {
  await journal.write(fence, [{ step, state: 'done', value }], [])
}

/** Charges a job for one call, as its run does. */
export async function charge(
  journal: Journal,
  fence: Fence,
  costMicroUsd: number | null,
  stage: Stage = 'reply',
): Promise<void> {
  await journal.write(fence, [], [newCharge(costMicroUsd, stage)])
}

/** A charge of one call, as yet unstored. */
export function newCharge(costMicroUsd: number | null, stage: Stage = 'reply'): LedgerEntry {
  const call = { step: stage, stage, vendor: 'fake.test', model: 'fake', callId: randomUUID() }
  return { ...call, costMicroUsd, isEstimate: costMicroUsd === null }
}

/** Marks one send as started; how often it has been, this time counted. */
export async function startSend(
  journal: Journal,
  fence: Fence,
  step: string,
): Promise<number | undefined> {
  return (await journal.write(fence, [{ step, state: 'started' }], [])).get(step)
}

/** A chat that can be reached: what a send asks first whose outcome is unknown. */
export const reach = async (): Promise<void> => {}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Reopens a job as it is seen now; false where there is none, or it has not ended. */
export async function reopenSeen(inbox: Inbox, job: NewJob): Promise<boolean> {
  const storedJob = await inbox.find(job.source, job.key)
  return storedJob !== undefined && inbox.reopen(job, storedJob)
}

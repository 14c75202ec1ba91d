import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { JournalTable } from '../../../db/tables/jobs.ts'
import type { Tables } from '../../../db/tables.ts'
import type { Journal, JournalWrite } from '../../app/jobs/journal.ts'
import { heldJob, requireLease } from './fence.ts'
import { charging } from './usage.ts'

/**
 * The journal in PostgreSQL. Every write holds the job's inbox row by `for share`, so that a takeover
 * waits for it; it throws 'lease-lost' where the job has another owner.
 */
export function pgJournal(db: Kysely<Tables>): Journal {
  return {
    async read(jobId) {
      const { rows } = await sql<JournalTable & { sends: number }>`
        select step, state, sends, value, attachment from journal
        where job_id = ${jobId}`.execute(db)
      return rows.map((row) => ({
        step: row.step,
        state: row.state,
        sends: row.sends,
        value: unpack(row),
      }))
    },

    async find(jobId, step) {
      const { rows } = await sql<JournalTable>`
        select value, attachment from journal
        where job_id = ${jobId} and step = ${step} and state = 'done'`.execute(db)
      return rows[0] && unpack(rows[0])
    },

    async write(fence, entries, charges) {
      const { rows } = await sql<{ step: string | null; sends: number }>`
        with mine as (${heldJob(fence)})
        ${charges.length === 0 ? sql`` : sql`, ${charging(fence, charges)}`}
        ${entries.length === 0 ? sql`` : sql`, written as (${insertion(entries)})`}
        ${entries.length === 0 ? sql`select null as step from mine` : sql`select * from written`}
        `.execute(db)
      requireLease(rows, fence)
      return new Map(rows.flatMap(({ step, sends }) => (step === null ? [] : [[step, sends]])))
    },

    async unstart(fence, step) {
      const { rows } = await sql`
        with mine as (${heldJob(fence)})
        update journal set sends = sends - 1 from mine
        where job_id = mine.id and step = ${step} returning step`.execute(db)
      requireLease(rows, fence)
    },
  }
}

function insertion(entries: readonly JournalWrite[]): RawBuilder<unknown> {
  return sql`
    insert into journal (job_id, step, state, sends, value, attachment)
    select mine.id, entry.* from mine, (values ${sql.join(entries.map(rowOf))})
      as entry (step, state, sends, value, attachment)
    on conflict (job_id, step) do update
      set state = excluded.state, sends = journal.sends + excluded.sends,
        value = excluded.value, attachment = excluded.attachment
    returning step, sends`
}

function rowOf(entry: JournalWrite): RawBuilder<unknown> {
  if (entry.state === 'started') return sql`(${entry.step}, 'started', 1, null::bytea, null::bytea)`
  const { json, bytes } = pack(entry.value)
  return sql`(${entry.step}, 'done', 0, ${json}::bytea, ${bytes}::bytea)`
}

/** A value's JSON, and beside it the one property that is bytes. */
function pack(value: unknown): { json: Uint8Array; bytes: Uint8Array | null } {
  const entries = isRecord(value) ? Object.entries(value) : []
  const binary = entries.find(([, part]) => part instanceof Uint8Array)
  if (binary === undefined) return { json: encode({ value }), bytes: null }
  const [name, bytes] = binary
  const otherParts = Object.fromEntries(entries.filter(([key]) => key !== name))
  return { json: encode({ value: otherParts, bytesOf: name }), bytes: bytes as Uint8Array }
}

function unpack({ value, attachment }: Pick<JournalTable, 'value' | 'attachment'>): unknown {
  if (value === null) return undefined
  const envelope = JSON.parse(new TextDecoder().decode(value)) as {
    value: object
    bytesOf?: string
  }
  return envelope.bytesOf === undefined
    ? envelope.value
    : { ...envelope.value, [envelope.bytesOf]: new Uint8Array(attachment ?? []) }
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import type { Generated } from 'kysely'
import type { GivenTimestamp, Id, Timestamp } from './columns.ts'

export type InboxTable = {
  id: Id
  source: string
  key: string
  lane: string
  state: Generated<'waiting' | 'done' | 'dead' | 'poison'>
  payload: Uint8Array
  attachment: Uint8Array | null
  request_hash: Uint8Array | null
  chat_id: number | null
  message_id: number | null
  received_at: GivenTimestamp
  due_at: GivenTimestamp
  parked: Generated<boolean>
  attempts: Generated<number>
  lease_token: string | null
  lease_until: Timestamp | null
  finished_at: Timestamp | null
  last_error: string | null
  duplicates_possible: Generated<number>
  /** Which of a process's slots the job takes. */
  slots: Generated<'quick' | 'lesson' | 'background'>
  learner_id: number | null
  /** Failed runs that counted no attempt. */
  postponements: Generated<number>
  /** It came when its lane was full: its sender is told so, and nothing else. */
  is_surplus: Generated<boolean>
}

export type JournalTable = {
  job_id: number
  step: string
  state: 'started' | 'done'
  sends: Generated<number>
  value: Uint8Array | null
  attachment: Uint8Array | null
}

/** Something that is done once in a while, by the first process that finds it due. */
export type DutyTable = {
  name: string
  /** Null before the first time. */
  done_at: Timestamp | null
}

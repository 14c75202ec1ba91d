import type { Timestamp } from './columns.ts'

export type NoticeTable = {
  chat_id: number
  name: string
  job_id: number
  expires_at: Timestamp | null
}

/** What the next message of a chat may answer. */
export type ExpectationTable = {
  chat_id: number
  /** The question, which a reply names. */
  message_id: number
  learner_id: number
  kind: string
  about: string
  expires_at: Timestamp
  /** The job whose message has answered it. */
  answered_by: number | null
}

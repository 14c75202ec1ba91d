import type { Generated, Selectable } from 'kysely'
import type { GivenTimestamp, Id, Timestamp } from './columns.ts'

export type LearnerTable = {
  id: Id
  telegram_id: number | null
  api_key_id: number | null
  external_id: string | null
  native_language: string
  level: Generated<string>
  corrections_level: Generated<string>
  style: Generated<string>
  character: Generated<string>
  voice_speed: Generated<string>
  time_zone: Generated<string>
  gender: Generated<string>
  interface_language: Generated<string>
  answers_to_mistakes: Generated<string>
  /** When the zone was changed last, the learner's day that this was, and when that day ends; all null or none. */
  time_zone_changed_at: Timestamp | null
  time_zone_day: string | null
  time_zone_day_ends_at: Timestamp | null
  /** The day that the newest change of the zone has left out of the learner's calendar. */
  skipped_day: string | null
  total_stars: Generated<number>
  run_from: string | null
  run_to: string | null
  previous_run_from: string | null
  previous_run_to: string | null
  max_streak: Generated<number>
  created_at: GivenTimestamp
  remembers: Generated<boolean>
  /** The lesson behind which the newest conversation begins; 0 where there is none before it. */
  conversation_after: Generated<number>
  /** The newest lesson in which no facts are looked for any more. */
  facts_upto: Generated<number>
}
export type LearnerRow = Selectable<LearnerTable>

export type ApiKeyTable = {
  id: Id
  name: string
  prefix: string
  hash: Uint8Array
  telegram_learners: Generated<boolean>
  created_at: GivenTimestamp
  revoked_at: Timestamp | null
  /** Null where the key has no such limit; so are the other two. */
  lessons_per_day: number | null
  daily_budget_micro_usd: number | null
  max_learners: number | null
  last_used_at: Timestamp | null
  /** Changes with each thing that is counted against a limit. */
  version: Generated<number>
  /** Of the secret before, until when it is taken; all three are null where there was none. */
  previous_prefix: string | null
  previous_hash: Uint8Array | null
  previous_until: Timestamp | null
}

/** A job that counts against a limit of its key. */
export type ApiKeyUseTable = {
  job_id: number
  api_key_id: number
  /** The UTC day that the job was received on. */
  day: string
}

export type QuotaUseTable = {
  /** Null where the job failed after it was paid for. */
  job_id: number | null
  learner_id: number
  day: string
  kind: 'voice' | 'text' | 'unheard' | 'aside' | 'memory'
  place: number
  budget_day: string | null
  /** What is left of the estimate that the budget holds back for the job. */
  reserved_micro_usd: Generated<number>
  /** What the job was charged while it held the place. */
  charged_micro_usd: Generated<number>
  /** How much of the day's budget was gone when the place was taken; null without a budget. */
  budget_share: number | null
  /** Numbers what was reserved of the learner's own budget of the day; null where there is none. */
  budget_turn: number | null
}

export type StarEntryTable = {
  learner_id: number
  reason: string
  key: string
  stars: number
  created_at: GivenTimestamp
}

/** What is remembered of a learner, in their language. */
export type FactTable = {
  id: Id
  learner_id: number
  /** In which they said it. */
  lesson_id: number
  text: string
  created_at: GivenTimestamp
}

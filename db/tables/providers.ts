import type { Generated } from 'kysely'
import type { GivenTimestamp, Id, Timestamp } from './columns.ts'

export type UsageTable = {
  id: Id
  job_id: number
  learner_id: number | null
  api_key_id: number | null
  day: string
  at: GivenTimestamp
  step: string
  stage: 'transcribe' | 'reply' | 'speak'
  vendor: string
  model: string
  input_tokens: number | null
  cached_tokens: number | null
  output_tokens: number | null
  audio_in_seconds: number | null
  audio_out_seconds: number | null
  characters: number | null
  /** Null where the model's price is not known. */
  micro_usd: number | null
  is_estimate: boolean
  /** Null in rows of versions before 29 November 2026. */
  call_id: string | null
}

export type BudgetDayTable = { day: string; spent_micro_usd: Generated<number> }

/** Results of paid calls; what a crash of the server takes is made again. */
export type CacheTable = {
  key: Uint8Array
  value: Uint8Array
  /** What the entry counts. */
  bytes: number
  expires_at: Timestamp
}

export type VendorTraitTable = {
  stage: 'transcribe' | 'reply' | 'speak'
  host: string
  model: string
  refused: string
  learned_at: GivenTimestamp
}

export type BreakerTable = {
  /** `<stage> <vendor>`. */
  provider: string
  opened_at: GivenTimestamp
  probe_at: Timestamp
  /** The error code that opened it; null where the version before has opened it. */
  reason: string | null
  /** Lessons that have asked in vain since it was opened. */
  probes: Generated<number>
}

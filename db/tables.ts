import type { ColumnType, Generated, Selectable } from 'kysely'

/**
 * The rows as the drivers return them after db/open.ts has set its parsers: int8 as number, dates as
 * `YYYY-MM-DD`, timestamps as Date, bytea as Uint8Array. Columns are translated in the stores only.
 */
export type Tables = {
  inbox: InboxTable
  journal: JournalTable
  breaker: BreakerTable
  api_key: ApiKeyTable
  api_key_use: ApiKeyUseTable
  learner: LearnerTable
  quota_use: QuotaUseTable
  budget_day: BudgetDayTable
  lesson: LessonTable
  mistake: MistakeTable
  star_entry: StarEntryTable
  notice: NoticeTable
  usage: UsageTable
  vendor_trait: VendorTraitTable
  duty: DutyTable
  cache: CacheTable
  expectation: ExpectationTable
  measurement: MeasurementTable
  tally: TallyTable
  fact: FactTable
  sign_in: SignInTable
  alert: AlertTable
}

type Timestamp = ColumnType<Date, Date | string, Date | string>
/** One that the database fills in; kysely's `Generated` does not nest. */
type GivenTimestamp = ColumnType<Date, Date | string | undefined, Date | string>
type Id = Generated<number>

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

export type BudgetDayTable = { day: string; spent_micro_usd: Generated<number> }

export type LessonTable = {
  id: Id
  job_id: number
  learner_id: number
  day: string
  kind: 'voice' | 'text'
  said: string
  reply: string
  corrected_text: string
  suggestion: string
  new_words: ColumnType<{ czech: string; translation: string }[], string, string>
  reply_translation: Generated<string>
  ready_answers: ColumnType<{ czech: string; translation: string }[], string | undefined, string>
  score: number
  words_total: number
  words_correct: number
  duration_seconds: number
  cost_micro_usd: number
  /** False where the tutor's correction was not to be believed: the lesson has no score. */
  graded: Generated<boolean>
  /** Words that were probably misheard, as spelled. */
  doubtful_words: Generated<string[]>
  /** Known only after the lesson is recorded. */
  speech_cost_micro_usd: number | null
  stars_earned: number
  bonus_stars: number
  created_at: GivenTimestamp
  verdict_message_id: number | null
  /** What the verdict said of the day: later lessons change it. */
  verdict_progress: ColumnType<VerdictProgress | null, string | null, string | null>
  reply_message_id: number | null
  reply_file_id: string | null
  reply_form: 'voice' | 'file' | 'text' | null
  reply_speed: string | null
  reply_character: string | null
  /** The same words at a slower speed, as Telegram keeps them. */
  slower_file_id: string | null
  slower_form: 'voice' | 'file' | null
  /** The job that has put another utterance in the place of the first one. */
  retake_job_id: number | null
  /** When the learner said that it was no lesson: from then on it counts for nothing. */
  withdrawn_at: Timestamp | null
}
type VerdictProgress = { totalStars: number; streak: number; lessonsOnDay: number }
export type LessonRow = Selectable<LessonTable>

export type MistakeTable = {
  lesson_id: number
  position: number
  original: string
  corrected: string
  category: string
  explanation_cs: string
  explanation_native: string
}

export type StarEntryTable = {
  learner_id: number
  reason: string
  key: string
  stars: number
  created_at: GivenTimestamp
}

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

export type VendorTraitTable = {
  stage: 'transcribe' | 'reply' | 'speak'
  host: string
  model: string
  refused: string
  learned_at: GivenTimestamp
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

export type NoticeTable = {
  chat_id: number
  name: string
  job_id: number
  expires_at: Timestamp | null
}

/** Something that is done once in a while by whichever process comes first. */
export type DutyTable = {
  name: string
  /** Null before the first time. */
  done_at: Timestamp | null
}

/** Results of paid calls; what a crash of the server takes is made again. */
export type CacheTable = {
  key: Uint8Array
  value: Uint8Array
  /** What the entry counts. */
  bytes: number
  expires_at: Timestamp
}

/** What a run or a charge has measured, until its hour is over: then a job of `tally` adds it to the tally. */
export type MeasurementTable = {
  id: Id
  at: GivenTimestamp
  samples: ColumnType<SampleRow[], string, never>
}

/**
 * One thing that was measured: `value` is what it adds to a counter, or 1 to a bucket of a histogram, whose sum of durations it
 * adds `sum_ms` to. A counter's has neither `le` nor `sum_ms`.
 */
export type SampleRow = {
  name: string
  labels: Record<string, string>
  le?: number
  value: number
  sum_ms?: number
}

/**
 * A sum of samples: of an hour, of a day (both in UTC), or of all time. The names and their labels are those of
 * lib/domain/metrics/metrics.ts. What is measured in the running hour is not in it yet, but in `measurement`.
 */
export type TallyTable = {
  grain: 'hour' | 'day' | 'all'
  /** Of 'all', -infinity, which drivers return as a number. */
  start: ColumnType<Date, Date | string, never>
  name: string
  labels: ColumnType<Record<string, string>, string, never>
  /**
   * The upper bound of a histogram's bucket in seconds, above those of the smaller buckets, which it does not count in; Infinity of its
   * last bucket, and of a counter.
   */
  le: number
  /** A counter's sum, or the number of durations in the bucket. */
  value: number
  /** The sum of the durations in the bucket, in milliseconds; 0 of a counter. */
  sum_ms: number
}

/** Of the dashboard: one row. */
export type SignInTable = {
  only_row: Generated<boolean>
  /** When tokens were tried of late, the newest last. */
  attempts: Generated<Date[]>
}

/** What the operator was told of a kind of trouble. */
export type AlertTable = {
  kind: string
  /** Of what was told last. */
  level: Generated<number>
  /** Null while there is no trouble of the kind. */
  since: Timestamp | null
  sent_at: Timestamp | null
  /** It was told, and its all-clear was not. */
  is_told: Generated<boolean>
}

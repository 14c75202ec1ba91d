import type { Tables } from '../../../../db/tables.ts'
import type { SectionName } from '../../../domain/privacy/export.ts'
import {
  learnerItself,
  ofChat,
  ofLearner,
  ofLessons,
  ofOwnJobs,
  ownJobs,
  type RowsOf,
} from './person-rows.ts'

/** A table that holds something of a person. */
export type PersonalTable = {
  /** What becomes of the rows on deletion: `emptied` and `unlinked` ones stay and no longer name the person. */
  fate: 'deleted' | 'emptied' | 'unlinked'
  rowsOf: RowsOf
  /** Null where nothing of it is exported. */
  section: SectionName | null
  /** The columns that are exported, in the order of the section's fields. */
  exportedColumns: readonly string[]
  /** All other columns, each with why it is not exported. */
  unexportedColumns: Readonly<Record<string, string>>
}

/** A table that holds nothing of a person: its columns that could, each with what it holds. */
export type ImpersonalTable = {
  fate: 'nobody’s'
  unexportedColumns: Readonly<Record<string, string>>
}

const ROW_ID = 'a number of ours'
const OPERATORS = 'the operator’s'
const COUNTING = 'how days are counted after a change of the zone'
const OF_THE_RUN = 'how far a run of ours has come'
const OF_THE_PRICE = 'what the price was made of'

/**
 * Every table, and what it holds of a person: what is exported and deleted follows from here. A column that could hold
 * such a thing and has no place here fails a test.
 */
export const PERSONAL_TABLES: Readonly<Record<keyof Tables, PersonalTable | ImpersonalTable>> = {
  learner: {
    fate: 'deleted',
    rowsOf: learnerItself,
    section: 'learner',
    exportedColumns: [
      'telegram_id',
      'external_id',
      'native_language',
      'level',
      'corrections_level',
      'answers_to_mistakes',
      'interface_language',
      'style',
      'character',
      'voice_speed',
      'time_zone',
      'time_zone_changed_at',
      'gender',
      'remembers',
      'total_stars',
      'run_from',
      'run_to',
      'previous_run_from',
      'previous_run_to',
      'max_streak',
      'created_at',
    ],
    unexportedColumns: {
      id: ROW_ID,
      api_key_id: OPERATORS,
      conversation_after: ROW_ID,
      facts_upto: ROW_ID,
      time_zone_day: COUNTING,
      time_zone_day_ends_at: COUNTING,
      skipped_day: COUNTING,
    },
  },
  lesson: {
    fate: 'deleted',
    rowsOf: ofLearner,
    section: 'lessons',
    exportedColumns: [
      'id',
      'created_at',
      'day',
      'kind',
      'said',
      'reply',
      'reply_translation',
      'corrected_text',
      'suggestion',
      'new_words',
      'ready_answers',
      'doubtful_words',
      'graded',
      'score',
      'words_total',
      'words_correct',
      'duration_seconds',
      'stars_earned',
      'bonus_stars',
      'cost_micro_usd',
      'speech_cost_micro_usd',
      'withdrawn_at',
    ],
    unexportedColumns: {
      job_id: ROW_ID,
      learner_id: ROW_ID,
      retake_job_id: ROW_ID,
      verdict_message_id: 'Telegram’s number of the message',
      verdict_progress: 'the same as the learner’s stars and days',
      reply_message_id: 'Telegram’s number of the message',
      reply_file_id: 'Telegram’s name of the voice note',
      reply_form: 'how the reply was sent',
      reply_speed: 'the same as the learner’s setting',
      reply_character: 'the same as the learner’s setting',
      slower_file_id: 'Telegram’s name of the voice note',
      slower_form: 'how the reply was sent',
    },
  },
  fact: {
    fate: 'deleted',
    rowsOf: ofLearner,
    section: 'facts',
    exportedColumns: ['created_at', 'text', 'lesson_id'],
    unexportedColumns: { id: ROW_ID, learner_id: ROW_ID },
  },
  expectation: {
    fate: 'deleted',
    rowsOf: ofLearner,
    section: null,
    exportedColumns: [],
    unexportedColumns: {
      learner_id: ROW_ID,
      chat_id: 'the same id as the learner’s',
      message_id: 'Telegram’s number of the message',
      kind: 'which question of ours is open',
      about: ROW_ID,
      answered_by: ROW_ID,
      expires_at: 'until when a reply is one to the question',
    },
  },
  mistake: {
    fate: 'deleted',
    rowsOf: ofLessons,
    section: 'mistakes',
    exportedColumns: [
      'lesson_id',
      'position',
      'original',
      'corrected',
      'category',
      'explanation_cs',
      'explanation_native',
    ],
    unexportedColumns: {},
  },
  star_entry: {
    fate: 'deleted',
    rowsOf: ofLearner,
    section: 'stars',
    exportedColumns: ['created_at', 'reason', 'key', 'stars'],
    unexportedColumns: { learner_id: ROW_ID },
  },
  quota_use: {
    fate: 'deleted',
    rowsOf: ofLearner,
    section: 'places',
    exportedColumns: ['day', 'kind', 'place'],
    unexportedColumns: {
      job_id: ROW_ID,
      learner_id: ROW_ID,
      reserved_micro_usd: OPERATORS,
      charged_micro_usd: 'a sum of the paid calls',
      budget_day: OPERATORS,
      budget_share: OPERATORS,
      budget_turn: OPERATORS,
    },
  },
  inbox: {
    fate: 'emptied',
    rowsOf: ownJobs,
    section: 'messages',
    exportedColumns: ['received_at', 'state', 'payload'],
    unexportedColumns: {
      id: ROW_ID,
      source: OPERATORS,
      key: 'an update’s number, or what a client has made up',
      lane: 'the same id as the learner’s',
      attachment: 'the client’s own recording, until it is answered',
      request_hash: 'a hash of the request',
      chat_id: 'the same id as the learner’s',
      message_id: 'Telegram’s number of the message',
      lease_token: 'made up for each run',
      last_error: 'a code and a sentence of ours',
      slots: OPERATORS,
      learner_id: ROW_ID,
      due_at: OF_THE_RUN,
      parked: OF_THE_RUN,
      attempts: OF_THE_RUN,
      postponements: OF_THE_RUN,
      lease_until: OF_THE_RUN,
      finished_at: OF_THE_RUN,
      duplicates_possible: OF_THE_RUN,
      is_surplus: OF_THE_RUN,
    },
  },
  notice: {
    fate: 'deleted',
    rowsOf: ofChat,
    section: 'notices',
    exportedColumns: ['name', 'expires_at'],
    unexportedColumns: { chat_id: 'the same id as the learner’s', job_id: ROW_ID },
  },
  usage: {
    fate: 'unlinked',
    rowsOf: ofLearner,
    section: 'paid_calls',
    exportedColumns: ['at', 'stage', 'vendor', 'model', 'micro_usd'],
    unexportedColumns: {
      id: ROW_ID,
      call_id: ROW_ID,
      job_id: ROW_ID,
      learner_id: ROW_ID,
      api_key_id: OPERATORS,
      step: 'the name of a step; of speech with a hash',
      day: 'the day of its time',
      input_tokens: OF_THE_PRICE,
      cached_tokens: OF_THE_PRICE,
      output_tokens: OF_THE_PRICE,
      audio_in_seconds: OF_THE_PRICE,
      audio_out_seconds: OF_THE_PRICE,
      characters: OF_THE_PRICE,
      is_estimate: OF_THE_PRICE,
    },
  },
  journal: {
    fate: 'deleted',
    rowsOf: ofOwnJobs,
    section: null,
    exportedColumns: [],
    unexportedColumns: {
      job_id: ROW_ID,
      step: 'the name of a step; of speech with a hash',
      state: OPERATORS,
      sends: OF_THE_RUN,
      value: 'what a job has made until it ends, and an answer of the lesson API for 25 hours',
      attachment: 'the tutor’s voice until it is sent; behind a hint for 25 hours at most',
    },
  },
  breaker: { fate: 'nobody’s', unexportedColumns: { provider: OPERATORS, reason: OPERATORS } },
  api_key: {
    fate: 'nobody’s',
    unexportedColumns: {
      id: ROW_ID,
      name: OPERATORS,
      prefix: OPERATORS,
      hash: OPERATORS,
      previous_prefix: OPERATORS,
      previous_hash: OPERATORS,
      daily_budget_micro_usd: OPERATORS,
      version: OPERATORS,
    },
  },
  api_key_use: { fate: 'nobody’s', unexportedColumns: { job_id: ROW_ID, api_key_id: OPERATORS } },
  budget_day: { fate: 'nobody’s', unexportedColumns: { spent_micro_usd: OPERATORS } },
  cache: {
    fate: 'nobody’s',
    unexportedColumns: {
      key: 'a hash',
      value:
        'encrypted with a key that is made of the text that it says, so that only one who has the text can read it',
    },
  },
  duty: { fate: 'nobody’s', unexportedColumns: { name: OPERATORS } },
  measurement: { fate: 'nobody’s', unexportedColumns: { id: ROW_ID, samples: OPERATORS } },
  tally: {
    fate: 'nobody’s',
    unexportedColumns: {
      grain: OPERATORS,
      name: OPERATORS,
      labels: OPERATORS,
      value: OPERATORS,
      sum_ms: OPERATORS,
    },
  },
  sign_in: { fate: 'nobody’s', unexportedColumns: { attempts: OPERATORS } },
  alert: { fate: 'nobody’s', unexportedColumns: { kind: OPERATORS } },
  vendor_trait: {
    fate: 'nobody’s',
    unexportedColumns: { stage: OPERATORS, host: OPERATORS, model: OPERATORS, refused: OPERATORS },
  },
}

/** The tables that hold something of a person, by name. */
export const TABLES_WITH_PERSONS: readonly [string, PersonalTable][] = Object.entries(
  PERSONAL_TABLES,
).filter((entry): entry is [string, PersonalTable] => 'rowsOf' in entry[1])

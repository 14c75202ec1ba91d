/** One part of an export: what it is about, and the names of its fields. */
type Section = { about: string; fields: readonly string[] }

/** The parts of the export that people get who ask for their data. Callers rely on the names: never change one. */
export const EXPORT_SECTIONS = {
  learner: {
    about: 'Who the learner is, the settings, stars and streak',
    fields: [
      'telegram_id',
      'user_id',
      'native_language',
      'level',
      'corrections',
      'answers_to_mistakes',
      'interface_language',
      'style',
      'character',
      'voice_speed',
      'time_zone',
      'time_zone_changed_at',
      'gender',
      'memory',
      'total_stars',
      'streak_from',
      'streak_to',
      'earlier_streak_from',
      'earlier_streak_to',
      'longest_streak',
      'since',
    ],
  },
  lessons: {
    about: 'Each lesson: what was said, the reply and the correction',
    fields: [
      'lesson_id',
      'at',
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
  },
  mistakes: {
    about: 'The mistakes of the lessons, explained',
    fields: [
      'lesson_id',
      'position',
      'original',
      'corrected',
      'category',
      'explanation_cs',
      'explanation_native',
    ],
  },
  facts: {
    about: 'What is remembered of the learner, and the lesson in which they said it',
    fields: ['at', 'text', 'lesson_id'],
  },
  stars: { about: 'What each star was given for', fields: ['at', 'reason', 'for', 'stars'] },
  places: { about: 'What lessons take of a day’s plan', fields: ['day', 'kind', 'place'] },
  messages: {
    about: 'Messages and requests of the last days, with their content where they have no answer',
    fields: ['at', 'state', 'content'],
  },
  notices: { about: 'What the chat is told only once', fields: ['name', 'until'] },
  paid_calls: {
    about: 'What the providers were paid for the lessons',
    fields: ['at', 'stage', 'vendor', 'model', 'micro_usd'],
  },
} as const satisfies Record<string, Section>

export type SectionName = keyof typeof EXPORT_SECTIONS
export const SECTION_NAMES = Object.keys(EXPORT_SECTIONS) as SectionName[]

/** Names the format: a new version where a name above has changed. */
export const EXPORT_FORMAT = 'mluv-me/1'

type Rows = Record<string, unknown>[]

/** All that is kept of one person; null in place of the learner where there is none. */
export type PersonalExport = {
  format: typeof EXPORT_FORMAT
  exported_at: string
  learner: Record<string, unknown> | null
} & Record<Exclude<SectionName, 'learner'>, Rows>

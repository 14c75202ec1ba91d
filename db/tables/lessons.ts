import type { ColumnType, Generated, Selectable } from 'kysely'
import type { GivenTimestamp, Id, Timestamp } from './columns.ts'

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

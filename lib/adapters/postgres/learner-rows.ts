import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { Choices } from '../../app/learner/learners.ts'
import type { Calendar } from '../../domain/learner/calendar.ts'
import { GENDER_SETTINGS } from '../../domain/learner/gender.ts'
import {
  ANSWERS_TO_MISTAKES,
  CHARACTERS,
  CORRECTIONS_LEVELS,
  INTERFACE_LANGUAGE_SETTINGS,
  LEVELS,
  type Learner,
  STYLES,
  VOICE_SPEEDS,
} from '../../domain/learner/learner.ts'

/** Where each choice is stored. */
export const CHOICE_COLUMNS: Record<keyof Choices, keyof LearnerRow> = {
  nativeLanguage: 'native_language',
  interfaceLanguage: 'interface_language',
  level: 'level',
  correctionsLevel: 'corrections_level',
  answersToMistakes: 'answers_to_mistakes',
  style: 'style',
  character: 'character',
  voiceSpeed: 'voice_speed',
  gender: 'gender',
}

/** The learner of a row. */
export function learnerOf(row: LearnerRow): Learner {
  return {
    id: row.id,
    telegramId: row.telegram_id,
    nativeLanguage: row.native_language,
    level: oneOf(LEVELS, row.level),
    correctionsLevel: oneOf(CORRECTIONS_LEVELS, row.corrections_level),
    style: oneOf(STYLES, row.style),
    character: oneOf(CHARACTERS, row.character),
    voiceSpeed: oneOf(VOICE_SPEEDS, row.voice_speed),
    timeZone: row.time_zone,
    zoneChange: zoneChangeOf(row),
    gender: oneOf(GENDER_SETTINGS, row.gender),
    answersToMistakes: oneOf(ANSWERS_TO_MISTAKES, row.answers_to_mistakes),
    interfaceLanguage: oneOf(INTERFACE_LANGUAGE_SETTINGS, row.interface_language),
    remembers: row.remembers,
  }
}

function zoneChangeOf(row: LearnerRow): Calendar['zoneChange'] {
  const { time_zone_changed_at: at, time_zone_day: day, time_zone_day_ends_at: dayEndsAt } = row
  if (at === null || day === null || dayEndsAt === null) return null
  return { at, day, dayEndsAt, skippedDay: row.skipped_day }
}

/** A value of a column that holds one of these. */
export function oneOf<Value extends string>(values: readonly Value[], text: string): Value {
  const value = values.find((candidate) => candidate === text)
  if (value === undefined) throw new Error(`The learner table holds an unknown value: ${text}.`)
  return value
}

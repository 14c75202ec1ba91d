import type { Calendar } from './calendar.ts'
import type { GenderSetting } from './gender.ts'

/** Who learns, and how they want to be taught. The words here are the ones of the SQL, the API and the texts. */

export const LEVELS = ['first_steps', 'beginner', 'intermediate', 'advanced', 'native'] as const
export const CORRECTIONS_LEVELS = ['minimal', 'balanced', 'detailed'] as const
export const STYLES = ['friendly', 'tutor', 'casual'] as const
export const CHARACTERS = ['honzik', 'novakova'] as const
export const VOICE_SPEEDS = ['very_slow', 'slow', 'normal', 'native'] as const
/** `try_first`: the learner is given a hint and tries once more before the correction is shown. */
export const ANSWERS_TO_MISTAKES = ['show', 'try_first'] as const
/** `follow`: the native language where the bot speaks it, else the Telegram app's. */
export const INTERFACE_LANGUAGE_SETTINGS = ['follow', 'ru', 'uk', 'en', 'cs'] as const

export type Level = (typeof LEVELS)[number]
export type CorrectionsLevel = (typeof CORRECTIONS_LEVELS)[number]
export type Style = (typeof STYLES)[number]
export type Character = (typeof CHARACTERS)[number]
export type VoiceSpeed = (typeof VOICE_SPEEDS)[number]
export type AnswersToMistakes = (typeof ANSWERS_TO_MISTAKES)[number]
export type InterfaceLanguageSetting = (typeof INTERFACE_LANGUAGE_SETTINGS)[number]

/** How fast each voice speed speaks, as a factor of the speaker's natural pace. */
export const SPEED_FACTORS: Readonly<Record<VoiceSpeed, number>> = {
  very_slow: 0.6,
  slow: 0.8,
  normal: 1.0,
  native: 1.2,
}

/** The next slower speed; undefined where there is none. */
export function slowerThan(speed: VoiceSpeed): VoiceSpeed | undefined {
  return VOICE_SPEEDS[VOICE_SPEEDS.indexOf(speed) - 1]
}

/** What a learner at the first steps hears by default. */
export const FIRST_STEPS_SPEED: VoiceSpeed = 'slow'
/** What all others hear by default. */
export const DEFAULT_SPEED: VoiceSpeed = 'normal'

/** How a learner wants to be taught; a new learner has the defaults of the table's columns. */
export type Settings = Calendar & {
  level: Level
  correctionsLevel: CorrectionsLevel
  style: Style
  character: Character
  voiceSpeed: VoiceSpeed
  /** The grammatical gender that the learner speaks of themselves in. */
  gender: GenderSetting
  answersToMistakes: AnswersToMistakes
  interfaceLanguage: InterfaceLanguageSetting
}

/** A learner as a lesson needs them. */
export type Learner = Settings & {
  id: number
  /** Null for a learner who exists only in the lesson API. */
  telegramId: number | null
  /** ISO 639-1: the language that explanations are given in. */
  nativeLanguage: string
  /** Facts are looked for in their lessons. */
  remembers: boolean
}

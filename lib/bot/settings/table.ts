import type { Choices } from '../../app/learner/learners.ts'
import type { GenderSetting } from '../../domain/learner/gender.ts'
import {
  ANSWERS_TO_MISTAKES,
  CHARACTERS,
  CORRECTIONS_LEVELS,
  INTERFACE_LANGUAGE_SETTINGS,
  type InterfaceLanguageSetting,
  LEVELS,
  type Learner,
  STYLES,
  VOICE_SPEEDS,
} from '../../domain/learner/learner.ts'
import { GENDER_ANSWERS } from '../gender.ts'
import { textMessage } from '../text-message.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import type { NamedSetting, SettingsCommand } from '../texts/settings.ts'
import { text } from '../texts/texts.ts'
import { chooseLevelMessage } from './level-question.ts'
import { endonymOf } from './native.ts'

/** What a learner chooses by one button of a few; the card, its buttons and its faces follow from the table. */
export type Setting = {
  /** Its buttons are named by it: one that has shipped stays. */
  name: string
  emoji: string
  /** The face of the card that has its choices. */
  face: string
  /** The command that opens its face; the card alone does, where there is none. */
  command?: SettingsCommand | undefined
  nameIn(language: InterfaceLanguage): string
  ask(language: InterfaceLanguage): string
  /** What is set, in words. */
  describe(language: InterfaceLanguage, learner: Learner): string
  currentOf(learner: Learner): string
  choices(language: InterfaceLanguage): { value: string; label: string }[]
  /** Reads a value of callback data, which can be forged; undefined where it is none of the choices. */
  read(value: string): string | undefined
  /** What choosing a value that `read` has returned stores. */
  choose(value: string): Choices
}

export const SETTINGS: readonly Setting[] = [
  setting({
    name: 'language',
    emoji: '💬',
    command: 'language',
    values: INTERFACE_LANGUAGE_SETTINGS,
    ask: (language) => textMessage(language, 'setting.language.ask'),
    label: languageLabel,
    currentOf: ({ interfaceLanguage }) => interfaceLanguage,
    choose: (interfaceLanguage) => ({ interfaceLanguage }),
  }),
  setting({
    name: 'level',
    emoji: '📶',
    command: 'level',
    values: LEVELS,
    ask: chooseLevelMessage,
    label: (language, level) => text(language, `level.${level}`),
    currentOf: ({ level }) => level,
    choose: (level) => ({ level }),
  }),
  setting({
    name: 'corrections',
    emoji: '✏️',
    command: 'corrections',
    values: CORRECTIONS_LEVELS,
    ask: (language) => textMessage(language, 'setting.corrections.ask'),
    label: (language, level) => text(language, `setting.corrections.${level}`),
    currentOf: ({ correctionsLevel }) => correctionsLevel,
    choose: (correctionsLevel) => ({ correctionsLevel }),
  }),
  setting({
    name: 'answers',
    emoji: '💡',
    face: 'corrections',
    values: ANSWERS_TO_MISTAKES,
    ask: (language) => textMessage(language, 'setting.corrections.ask'),
    label: (language, answers) => text(language, `setting.answers.${answers}`),
    currentOf: ({ answersToMistakes }) => answersToMistakes,
    choose: (answersToMistakes) => ({ answersToMistakes }),
  }),
  setting({
    name: 'style',
    emoji: '🎭',
    command: 'style',
    values: STYLES,
    ask: (language) => textMessage(language, 'setting.style.ask'),
    label: (language, style) => text(language, `setting.style.${style}`),
    currentOf: ({ style }) => style,
    choose: (style) => ({ style }),
  }),
  setting({
    name: 'character',
    emoji: '👤',
    command: 'character',
    values: CHARACTERS,
    ask: (language) => textMessage(language, 'setting.character.ask'),
    label: (language, character) => text(language, `setting.character.${character}`),
    currentOf: ({ character }) => character,
    choose: (character) => ({ character }),
  }),
  setting({
    name: 'speed',
    emoji: '🔊',
    command: 'voice_speed',
    values: VOICE_SPEEDS,
    ask: (language) => textMessage(language, 'setting.speed.ask'),
    label: (language, speed) => text(language, `setting.speed.${speed}`),
    currentOf: ({ voiceSpeed }) => voiceSpeed,
    choose: (voiceSpeed) => ({ voiceSpeed }),
  }),
  setting<GenderSetting>({
    name: 'gender',
    emoji: '🙂',
    values: GENDER_ANSWERS,
    ask: (language) => textMessage(language, 'gender.ask'),
    label: (language, gender) => text(language, `gender.${gender}`),
    // One who was asked and has not answered has not spoken a button's words.
    describe: (language, { gender }) =>
      text(language, `gender.${gender === 'unsaid' ? 'unknown' : gender}`),
    currentOf: ({ gender }) => gender,
    choose: (gender) => ({ gender }),
  }),
]

type Row<V extends string> = {
  name: NamedSetting
  emoji: string
  /** Its own, unless it shares the face of another. */
  face?: string
  command?: SettingsCommand
  values: readonly V[]
  ask(language: InterfaceLanguage): string
  label(language: InterfaceLanguage, value: V): string
  /** What is set, in words; those of its button, unless it is said. */
  describe?(language: InterfaceLanguage, learner: Learner): string
  currentOf(learner: Learner): V
  choose(value: V): Choices
}

/** A row whose values are of one type, as one of the table, whose values are any. */
function setting<V extends string>(row: Row<V>): Setting {
  const { name, emoji, face = name, command, values, ask, label, currentOf } = row
  const labelOfCurrent = (language: InterfaceLanguage, learner: Learner) =>
    label(language, currentOf(learner))
  const find = (value: string) => values.find((candidate) => candidate === value)
  return {
    name,
    emoji,
    face,
    command,
    nameIn: (language) => text(language, `setting.${name}`),
    ask,
    describe: row.describe ?? labelOfCurrent,
    currentOf,
    choices: (language) => values.map((value) => ({ value, label: label(language, value) })),
    read: find,
    choose(value) {
      const choice = find(value)
      return choice === undefined ? {} : row.choose(choice)
    },
  }
}

function languageLabel(language: InterfaceLanguage, setting: InterfaceLanguageSetting): string {
  if (setting === 'follow') return text(language, 'setting.language.follow')
  return setting === 'cs' ? 'Čeština' : endonymOf(setting)
}

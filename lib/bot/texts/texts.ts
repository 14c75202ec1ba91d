import { IntlMessageFormat } from 'intl-messageformat'
import type { Character } from '../../domain/learner/learner.ts'
import type { LessonKind } from '../../domain/lesson/lesson.ts'
import { cs } from './cs.ts'
import { en, type TextKey } from './en.ts'
import { ru } from './ru.ts'
import { uk } from './uk.ts'

/** The languages that the bot itself speaks; corrections are explained in many more. */
export type InterfaceLanguage = 'ru' | 'uk' | 'en' | 'cs'

export type { TextKey }

/** Every text, as ICU messages. */
export const TEXTS: Readonly<Record<InterfaceLanguage, Readonly<Record<TextKey, string>>>> = {
  ru,
  uk,
  en,
  cs,
}

type Wait = { unit: 'hours' | 'minutes'; amount: number }

/** What the texts that are not always the same are told; all others take nothing. */
export type TextArguments = Declared<{
  'native.chosen': { language: string }
  'level.chosen': { level: string }
  'help.send': { maxSeconds: number; minLength: number; maxLength: number }
  'help.plan': { voice: number; text: number }
  'help.stars': { stars: number; goodScore: number }
  'help.streak': { weekDays: number; weekStars: number; monthDays: number; monthStars: number }
  'help.challenge': { lessons: number; stars: number }
  'text.tooShort': { min: number }
  'text.tooLong': { length: number; max: number }
  'voice.tooLong': { seconds: number; max: number }
  'voice.otherLanguage': { language: string }
  'verdict.score': { score: number }
  'stars.earned': { count: number; total: number }
  'stars.lesson': { count: number }
  'stars.goodScore': { count: number }
  'stars.streak': { count: number }
  'streak.days': { days: number }
  'challenge.progress': { done: number; goal: number }
  'challenge.completed': { stars: number }
  'reply.label': { character: Character }
  'quota.usedUp': { kind: LessonKind; limit: number } & Wait
  'quota.unheardUsedUp': Wait
}>

/** Lets only keys of texts through. */
type Declared<T extends { [K in keyof T]: K extends TextKey ? object : never }> = T

/** The arguments that follow a key: one object, or none. */
export type ArgumentsOf<K extends TextKey> = K extends keyof TextArguments
  ? [args: TextArguments[K]]
  : []

/** One text of the bot in a language: plain, without markup. */
export function text<K extends TextKey>(
  language: InterfaceLanguage,
  key: K,
  ...[args]: ArgumentsOf<K>
): string {
  return String(compiled(language, key).format(args))
}

/** Compiling takes longer than formatting, and one call of a function needs few of the texts. */
const cache = new Map<string, IntlMessageFormat>()

function compiled(language: InterfaceLanguage, key: TextKey): IntlMessageFormat {
  const name = `${language}:${key}`
  const known = cache.get(name)
  if (known) return known
  const message = new IntlMessageFormat(TEXTS[language][key], language, undefined, {
    ignoreTag: true,
  })
  cache.set(name, message)
  return message
}

/**
 * The language to address someone in, by their native language or their Telegram app's (`ru-RU`).
 *
 * Where Russian is an official language too, it is Russian; for Slovak it is Czech, for all others English.
 */
export function interfaceLanguage(nativeLanguage: string | undefined): InterfaceLanguage {
  switch (nativeLanguage?.trim().toLowerCase().split(/[-_]/)[0]) {
    case 'ru':
    case 'be':
    case 'kk':
    case 'ky':
      return 'ru'
    case 'uk':
      return 'uk'
    case 'cs':
    case 'sk':
      return 'cs'
    default:
      return 'en'
  }
}

/** What a language is called in the interface's; the code itself where it has no name. */
export function languageName(language: InterfaceLanguage, code: string): string {
  const wellFormed = /^[a-z]{2,3}$/i.test(code)
  return (wellFormed && new Intl.DisplayNames([language], { type: 'language' }).of(code)) || code
}

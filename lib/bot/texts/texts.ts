import { IntlMessageFormat } from 'intl-messageformat'
import { type AsideTexts, asideTexts } from './aside.ts'
import { type FailureTexts, failureTexts } from './failure.ts'
import type { NoArguments } from './feature-texts.ts'
import { type HelpTexts, helpTexts } from './help.ts'
import { type HintTexts, hintTexts } from './hint.ts'
import type { InterfaceLanguage } from './language.ts'
import { type LessonTexts, lessonTexts } from './lesson.ts'
import { type MemoryTexts, memoryTexts } from './memory.ts'
import { type OnboardingTexts, onboardingTexts } from './onboarding.ts'
import { type PrivacyTexts, privacyTexts } from './privacy.ts'
import { type ProfileTexts, profileTexts } from './profile.ts'
import { type RefusalTexts, refusalTexts } from './refusal.ts'
import { type SettingsTexts, settingsTexts } from './settings.ts'
import { type UnsupportedTexts, unsupportedTexts } from './unsupported.ts'

/** Every text's key with the arguments that it takes. */
type AllTexts = OnboardingTexts &
  SettingsTexts &
  ProfileTexts &
  LessonTexts &
  AsideTexts &
  HintTexts &
  RefusalTexts &
  HelpTexts &
  UnsupportedTexts &
  FailureTexts &
  MemoryTexts &
  PrivacyTexts

export type TextKey = keyof AllTexts

/** Every text, as ICU messages. */
export const TEXTS: Readonly<Record<InterfaceLanguage, Readonly<Record<TextKey, string>>>> = {
  ru: textsIn('ru'),
  uk: textsIn('uk'),
  en: textsIn('en'),
  cs: textsIn('cs'),
}

function textsIn(language: InterfaceLanguage): Record<TextKey, string> {
  return {
    ...onboardingTexts[language],
    ...settingsTexts[language],
    ...profileTexts[language],
    ...lessonTexts[language],
    ...asideTexts[language],
    ...hintTexts[language],
    ...refusalTexts[language],
    ...helpTexts[language],
    ...unsupportedTexts[language],
    ...failureTexts[language],
    ...memoryTexts[language],
    ...privacyTexts[language],
  }
}

/** The arguments of the texts that are not always the same. */
export type TextArguments = {
  [K in TextKey as AllTexts[K] extends NoArguments ? never : K]: AllTexts[K]
}

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
  return String(messageOf(language, key).format(args))
}

/** Compiling takes longer than formatting, and one call of a function needs few of the texts. */
const cache = new Map<string, IntlMessageFormat>()

function messageOf(language: InterfaceLanguage, key: TextKey): IntlMessageFormat {
  const name = `${language}:${key}`
  const cachedFormat = cache.get(name)
  if (cachedFormat) return cachedFormat
  const message = new IntlMessageFormat(TEXTS[language][key], language, undefined, {
    ignoreTag: true,
  })
  cache.set(name, message)
  return message
}

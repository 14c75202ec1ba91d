import type { InterfaceLanguageSetting, Learner } from '../../domain/learner/learner.ts'

/** The languages that the bot itself speaks; corrections are explained in many more. */
export type InterfaceLanguage = Exclude<InterfaceLanguageSetting, 'follow'>

/** The language to address a learner in: the one of their choice, else their native language, else their app's. */
export function languageFor(
  learner: Pick<Learner, 'interfaceLanguage' | 'nativeLanguage'>,
  appLanguage: string | undefined,
): InterfaceLanguage {
  if (learner.interfaceLanguage !== 'follow') return learner.interfaceLanguage
  return spokenFor(learner.nativeLanguage) ?? interfaceLanguage(appLanguage)
}

/** The language to address someone in, by the code of theirs (`ru-RU`); English where the bot speaks none like it. */
export function interfaceLanguage(code: string | undefined): InterfaceLanguage {
  return spokenFor(code) ?? 'en'
}

/** Where Russian is an official language too, it is Russian; for Slovak it is Czech. */
function spokenFor(code: string | undefined): InterfaceLanguage | undefined {
  switch (code?.trim().toLowerCase().split(/[-_]/)[0]) {
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
    case 'en':
      return 'en'
    default:
      return undefined
  }
}

/** The dash of a language, to stand between spaces. */
export function dashOf(language: InterfaceLanguage): string {
  return language === 'ru' || language === 'uk' ? '—' : '–'
}

/** What a language is called in the interface's; the code itself where it has no name. */
export function languageName(language: InterfaceLanguage, code: string): string {
  const wellFormed = /^[a-z]{2,3}$/i.test(code)
  return (wellFormed && new Intl.DisplayNames([language], { type: 'language' }).of(code)) || code
}

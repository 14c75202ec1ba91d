/** The languages that the bot itself speaks; corrections are explained in many more. */
export type InterfaceLanguage = 'ru' | 'uk' | 'en' | 'cs'

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

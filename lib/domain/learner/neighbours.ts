import { findLanguage, type Language, NATIVE_LANGUAGES } from './languages.ts'

/** The languages of most learners: they come behind a learner's own and its neighbours, and before all others. */
export const COMMON_LANGUAGES: readonly string[] = ['ru', 'uk', 'en', 'pl', 'sk', 'vi', 'de']

/**
 * Languages that are spoken beside one another, or in one country, by ISO 639-1; within a line, the more widely
 * understood first. A language's neighbours are all others of its lines.
 */
const REGIONS: readonly (readonly string[])[] = [
  ['ru', 'uk', 'be'],
  ['uk', 'pl', 'sk', 'ro', 'hu'],
  ['cs', 'sk', 'pl', 'de', 'hu'],
  ['ru', 'kk', 'ky', 'uz', 'tg', 'tk', 'mn'],
  ['ru', 'ka', 'hy', 'az'],
  ['ru', 'lt', 'lv', 'et'],
  ['tr', 'az', 'tk'],
  ['sr', 'hr', 'bs', 'sl', 'mk', 'sq', 'bg'],
  ['ro', 'bg', 'el', 'tr'],
  ['sv', 'no', 'da', 'fi', 'is'],
  ['fi', 'et'],
  ['en', 'ga'],
  ['de', 'nl', 'da', 'fr'],
  ['nl', 'af', 'en'],
  ['fr', 'it', 'es'],
  ['es', 'pt', 'ca', 'gl', 'eu'],
  ['ar', 'fa', 'he', 'ur', 'tr'],
  ['hi', 'ur', 'bn', 'ne', 'mr', 'pa', 'gu'],
  ['en', 'hi', 'ta', 'te', 'kn', 'ml', 'si'],
  ['vi', 'zh', 'km', 'lo', 'th', 'my'],
  ['id', 'ms', 'tl'],
  ['zh', 'ja', 'ko'],
  ['en', 'ha', 'yo'],
  ['en', 'sw', 'so', 'am', 'ar'],
]

/** So many neighbours come first: the common languages are to stand on the same page. */
const NEAREST = 3

/**
 * The native languages in the order in which one who speaks this language looks for theirs: it first, then its
 * nearest neighbours, the common ones, and the rest. `code` may have a region; undefined and unknown ones change nothing.
 */
export function languagesFor(code: string | undefined): readonly Language[] {
  const ownCode = primaryCode(code)
  const region = new Set(REGIONS.filter((codes) => codes.includes(ownCode)).flat())
  region.delete(ownCode)
  const codes = new Set([ownCode, ...[...region].slice(0, NEAREST), ...COMMON_LANGUAGES])
  const firstLanguages = [...codes].flatMap(
    (candidate) => NATIVE_LANGUAGES.find((language) => language.code === candidate) ?? [],
  )
  return [...new Set([...firstLanguages, ...NATIVE_LANGUAGES])]
}

function primaryCode(code = ''): string {
  return findLanguage(code)?.code ?? code.trim().toLowerCase().split(/[-_]/, 1).join()
}

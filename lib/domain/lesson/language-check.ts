import { wordsOf } from '../diff/words.ts'

/** Tells whether at least four fifths of a text's letters are Latin. */
export function isMostlyLatin(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0
  return latin * 5 >= letters * 4
}

/**
 * Tells whether words that a correction adds are in a neighbour's language or in English: two of them at least have
 * letters that Czech does not have, or are among the words that are in any text of that language and in no Czech one.
 */
export function isForeignToCzech(words: readonly string[]): boolean {
  return words.filter((word) => /[ľĺŕôäłąęśźżćńë]/u.test(word) || NO_CZECH.has(word)).length >= 2
}

const NO_CZECH: ReadonlySet<string> = new Set(
  'som sme sa keď veľmi bol bola boli ktorý ktorá pretože išli išiel išla nie lebo jest oraz był była byłem wczoraj the is are was were you and like have with for this it am not went yesterday'.split(
    ' ',
  ),
)

/**
 * Tells whether an explanation may be in a language, by its script and its most frequent words; Czech words quoted in
 * it make no difference. An empty one is in any language.
 *
 * Cheap and generous: it finds an English, Czech or Russian explanation where another was asked for, and lets pass
 * what it cannot tell.
 */
export function isInLanguage(text: string, code: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  if (letters < MIN_LETTERS) return true
  const script = scriptOf(code)
  const ownLetters = text.match(LETTERS_OF[script] ?? /\p{Script=Latin}/gu)?.length ?? 0
  if (!ANY_SCRIPT.has(code) && ownLetters < letters * MIN_OWN_SHARE) return false
  return !isClearlyAnother(text, code)
}

const MIN_LETTERS = 20
/** A quarter: the rest may be Czech examples. */
const MIN_OWN_SHARE = 0.25

/** By frequent words of the languages that models fall into; only those of the same script, for words in another are quotations. */
function isClearlyAnother(text: string, code: string): boolean {
  const words = wordsOf(text)
  const hits = (language: string) => {
    const frequent = FREQUENT_WORDS[language]
    return frequent === undefined ? 0 : words.filter((word) => frequent.has(word)).length
  }
  const ownHits = hits(code)
  return Object.keys(FREQUENT_WORDS).some((language) => {
    if (language === code || scriptOf(language) !== scriptOf(code)) return false
    const otherHits = hits(language)
    return otherHits >= 3 && otherHits > 2 * ownHits
  })
}

const FREQUENT_WORDS: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    en: 'the of and is are after with this that it you use because means verb word when not for case',
    ru: 'и что это после как если нужно или также есть потому поэтому только мы вы слово глагол падеж который',
    uk: 'і що це після як якщо потрібно або також є тому лише ми ви слово дієслово відмінок який',
    cs: 'je po se že protože nebo musí být pád předložce slovo tady správně když který tvar',
    de: 'der die das und ist nach mit nicht man wird wort weil auch verb fall',
    pl: 'jest po się że ponieważ nie oraz musi być przypadek czasownik słowo tutaj który',
    sk: 'je po sa že pretože alebo musí byť pád slovo tu správne keď ktorý',
  }).map(([code, words]) => [code, new Set(words.split(' '))]),
)

const CYRILLIC = 'ru uk be bg ky kk mk mn sr tg'
const SCRIPTS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    Cyrillic: CYRILLIC,
    Greek: 'el',
    Georgian: 'ka',
    Armenian: 'hy',
    Hebrew: 'he',
    Arabic: 'ur ar fa',
    Ethiopic: 'am',
    Devanagari: 'ne mr hi',
    Bengali: 'bn',
    Gurmukhi: 'pa',
    Gujarati: 'gu',
    Tamil: 'ta',
    Telugu: 'te',
    Kannada: 'kn',
    Malayalam: 'ml',
    Sinhala: 'si',
    Thai: 'th',
    Lao: 'lo',
    Myanmar: 'my',
    Khmer: 'km',
    Hangul: 'ko',
    Han: 'zh ja',
  }).flatMap(([script, codes]) => codes.split(' ').map((code) => [code, script])),
)

function scriptOf(code: string): string {
  return SCRIPTS[code] ?? 'Latin'
}

/** Languages that their own speakers write in two scripts. */
const ANY_SCRIPT: ReadonlySet<string> = new Set([
  'sr',
  'bs',
  'uz',
  'az',
  'tk',
  'kk',
  'mn',
  'ky',
  'pa',
])

const LETTERS_OF: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(
    [...new Set(Object.values(SCRIPTS)), 'Latin'].map((script) => [
      script,
      new RegExp(`\\p{Script=${script}}`, 'gu'),
    ]),
  ),
  // Japanese mixes three.
  Han: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu,
}

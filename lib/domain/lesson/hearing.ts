import { findLanguage } from '../learner/languages.ts'
import { spokenWords } from './transcript.ts'

/** What a transcript, or a text that was typed, turns out to be. */
export type Hearing =
  | { kind: 'czech'; said: string }
  /** No speech, or none with a word in it. */
  | { kind: 'silence' }
  /** ISO 639-1, null where only the script tells that it is not Czech. */
  | { kind: 'other-language'; language: string | null }

/**
 * Tells Czech from silence, from what recognisers make up in silence, and from other languages.
 *
 * `languages` is what the recogniser detected (ISO 639-1), empty where it does not say. Slovak counts
 * as Czech: recognisers confuse a learner's Czech with it.
 */
export function judgeHearing(text: string, languages: readonly string[] = []): Hearing {
  const words = spokenWords(text)
  return isPhantom(words) ? { kind: 'silence' } : judgeTyping(words, languages)
}

/** The same for a text that was typed, in which nothing is made up. */
export function judgeTyping(text: string, languages: readonly string[] = []): Hearing {
  const said = text.trim()
  if (!/\p{L}/u.test(said)) return { kind: 'silence' }
  const script = foreignScript(said)
  if (script !== undefined) return { kind: 'other-language', language: script }
  const [likeliest] = languages
  const isCzech =
    likeliest === undefined || languages.some((code) => code === 'cs' || code === 'sk')
  return isCzech ? { kind: 'czech', said } : { kind: 'other-language', language: likeliest }
}

/** Tells whether the tutor's code of what was said is another language's; an unknown code does not count as one. */
export function isOtherLanguage(code: string): boolean {
  return code !== 'cs' && code !== 'sk' && findLanguage(code) !== undefined
}

/**
 * What recognisers trained on subtitles hear in silence and noise; none is a sentence that a learner
 * would say on its own.
 */
const PHANTOMS = [
  /^titulky (vytvořila?|připravila?|přeložila?) \S+$/u,
  /^překlad a titulky \S+$/u,
  /hradeckesluzby cz/u,
  /amara org/u,
  /^děkuj(i|eme) za sledování( videa)?$/u,
  /^thank(s| you)( so much)? for watching/u,
  /^субтитры (сделал|создавал|подготовил)/u,
  /^продолжение следует/u,
  /^редактор субтитров/u,
  /^дякую за перегляд/u,
]

/** Recognisers make the same up again and again while silence lasts. */
function isPhantom(said: string): boolean {
  const sentences = said.split(/[.!?…\n]+/).map(plainWords)
  const isEachOne = sentences.every((sentence) => sentence === '' || isOnePhantom(sentence))
  return isEachOne || isOnePhantom(firstOfRepeated(plainWords(said)))
}

function isOnePhantom(words: string): boolean {
  return PHANTOMS.some((phantom) => phantom.test(words))
}

function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Far longer than a phantom, said again and again. */
const MAX_REPEATED_LENGTH = 400

/** The words of a text that only repeats them; else the text. */
function firstOfRepeated(text: string): string {
  if (text.length > MAX_REPEATED_LENGTH) return text
  return /^(.+?)( \1)*$/u.exec(text)?.[1] ?? text
}

/** The language of a text that is mostly not in Latin letters; null where the script has many. */
function foreignScript(said: string): string | null | undefined {
  const letters = said.match(/\p{L}/gu)?.length ?? 0
  const latin = said.match(/\p{Script=Latin}/gu)?.length ?? 0
  if (latin * 2 >= letters) return undefined
  const cyrillic = said.match(/\p{Script=Cyrillic}/gu)?.length ?? 0
  if (cyrillic * 2 < letters) return null
  if (/[іїєґ]/iu.test(said)) return 'uk'
  return 'ru'
}

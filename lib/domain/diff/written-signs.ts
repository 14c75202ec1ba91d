import { ABBREVIATIONS, letterReadings, SYMBOLS } from './abbreviations.ts'
import {
  dateReadings,
  decimalReadings,
  fractionReadings,
  moneyReadings,
  negativeReadings,
  rangeReadings,
  romanNumber,
  timeReadings,
  timesReadings,
} from './number-readings.ts'
import { type SpokenNumber, spokenNumberAt } from './number-words.ts'
import type { Reading } from './reading.ts'
import { spellingOf } from './spelling.ts'

/** Digits, an abbreviation or a symbol, where it stands in a text, and how it may be said. */
export type WrittenSign = {
  readonly text: string
  /** Offsets into the text, in UTF-16 units. */
  readonly from: number
  readonly to: number
  readonly readings: readonly Reading[]
}

/** The signs of a text, in order and not overlapping; of those that begin at one place the first alternative of SIGN. */
export function writtenSignsOf(text: string): WrittenSign[] {
  const signs: WrittenSign[] = []
  for (const match of text.matchAll(SIGN)) {
    const readings = readingsOf(match[0])
    const [from, to] = [match.index, match.index + match[0].length]
    if (readings.length > 0) signs.push({ text: spellingOf(match[0]).trim(), from, to, readings })
  }
  return signs
}

/** Words as spelled, and the number that begins at each place, if one does. */
export type WordsWithNumbers = {
  readonly words: readonly string[]
  readonly numbers: readonly (SpokenNumber | undefined)[]
}

/** Finds the numbers in words once, however many signs are then looked for. */
export function wordsWithNumbers(words: readonly string[]): WordsWithNumbers {
  return { words, numbers: words.map((_, at) => spokenNumberAt(words, at)) }
}

/** How many of the words from a place on say the sign, at most; 0 where they do not. */
export function lengthOfSign(
  { readings }: WrittenSign,
  said: WordsWithNumbers,
  at: number,
): number {
  return readings.reduce(
    (length, reading) => Math.max(length, lengthOfReading(reading, said, at)),
    0,
  )
}

function lengthOfReading(
  reading: Reading,
  { words, numbers }: WordsWithNumbers,
  at: number,
): number {
  let index = at
  for (const place of reading) {
    if (typeof place === 'number') {
      const number = numbers[index]
      if (number?.value !== place) return 0
      index += number.length
    } else {
      if (!place.test(words[index] ?? '')) return 0
      index += 1
    }
  }
  return index - at
}

/**
 * A word in capitals, in small letters, or mixed. Spelled out: with the flag `i`, in a process that had matched for long, `Kč` was
 * found no more.
 */
function anyCase(word: string): string {
  return word.replace(/\p{Ll}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

const LISTED_WORDS = [...ABBREVIATIONS.keys()].sort((a, b) => b.length - a.length).map(anyCase)

/** Without regard to capitals, except in Roman numbers and what is said letter by letter. */
const SIGN = new RegExp(
  [
    // A sum of money, a date, a time or a decimal, a fraction, how often, thousands by groups, a number.
    String.raw`(?<![\p{L}\p{N}])\d+,\d{2}[ \u00a0]?${anyCase('kč')}(?![\p{L}\p{M}\p{N}])`,
    String.raw`[€$][ \u00a0]?\d+(?![\p{L}\p{N}.,])`,
    String.raw`(?<![\p{L}\p{N}])\d{1,2}\.[ \u00a0]?\d{1,2}\.(?!\d)`,
    String.raw`(?<![\p{L}\p{N}])\d{1,3}(?:\.\d{3})+(?![\p{N}])`,
    String.raw`(?<![\p{L}\p{N}])\d{1,2}[:.]\d{2}(?![\p{N}])`,
    String.raw`(?<![\p{L}\p{N}])\d+,\d+`,
    String.raw`(?<![\p{L}\p{N}.,:/–-])\d+[–-]\d+(?![\p{L}\p{N}:/–-]|[.,]\d)`,
    String.raw`(?<=^|\s)[-−]\d+(?![\p{L}\p{N}:/–-]|[.,]\d)`,
    String.raw`(?<![\p{L}\p{N}/])\d/\d(?![\p{L}\p{N}/])`,
    String.raw`(?<![\p{L}\p{N}])\d+[ \u00a0]?(?:[xX×]|${anyCase('krát')})(?![\p{L}\p{M}\p{N}])`,
    String.raw`(?<![\p{L}\p{N}])\d+[ \u00a0](?:${['tis', 'mil', 'mld'].map(anyCase).join('|')})(?![\p{L}\p{M}\p{N}])`,
    String.raw`(?<![\p{L}\p{N}])\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)`,
    String.raw`(?<![\p{L}])\d+`,
    String.raw`°[ \u00a0]?[Cc](?![\p{L}])`,
    '[%°€$&+=×§½¼]',
    String.raw`(?<![\p{L}\p{M}])(?:${LISTED_WORDS.join('|')}|${anyCase('m²')}|${anyCase('km²')})(?![\p{L}\p{M}\p{N}])`,
    String.raw`(?<![\p{L}\p{M}\p{N}])[IVX]+(?=\.)`,
    String.raw`(?<![\p{L}\p{M}\p{N}])\p{Lu}{2,5}(?![\p{L}\p{M}\p{N}])`,
  ].join('|'),
  'gu',
)

function readingsOf(match: string): readonly Reading[] {
  const sign = match.toLowerCase()
  const listedReadings =
    SYMBOLS.get(sign.replace(/\s/gu, '')) ?? ABBREVIATIONS.get(sign.normalize('NFKC'))
  if (!CAPITALS.test(match))
    return listedReadings ?? (/^\p{L}/u.test(sign) ? [] : numberReadings(sign))
  const roman = /^[ivx]+$/u.test(sign) ? [[romanNumber(sign)]] : []
  return [...(listedReadings ?? []), ...letterReadings(sign), ...roman]
}

const CAPITALS = /^\p{Lu}+$/u

function numberReadings(sign: string): readonly Reading[] {
  const [first = 0, second = 0] = sign
    .split(/\D+/u)
    .filter((digits) => digits !== '')
    .map(Number)
  if (/kč$/u.test(sign)) return moneyReadings(first, second)
  if (/^[€$]/u.test(sign))
    return (SYMBOLS.get(sign.slice(0, 1)) ?? []).map((currency) => [first, ...currency])
  if (/(?:[x×]|krát)$/u.test(sign)) return timesReadings(first)
  const scale = SCALES[sign.slice(-3)]
  if (scale !== undefined) return [[first * scale]]
  if (/^[-−]/u.test(sign)) return negativeReadings(first)
  if (/\d[–-]\d/u.test(sign)) return rangeReadings(first, second)
  if (sign.includes('/')) return fractionReadings(first, second)
  if (/^\d+\.\s?\d+\.$/u.test(sign)) return dateReadings(first, second)
  if (/^\d+(?:\.\d{3})+$/u.test(sign)) return groupReadings(sign.split('.'))
  if (/[:.]/u.test(sign)) return timeReadings(first, second)
  if (sign.includes(',')) return decimalReadings(first, second)
  if (/\s/u.test(sign)) return groupReadings(sign.split(/\s/u))
  // A telephone number, said as it is written with spaces.
  if (sign.length === 9) return groupReadings(sign.match(/\d{3}/gu) ?? [])
  return [[Number(sign)]]
}

const SCALES: Readonly<Record<string, number>> = { tis: 1_000, mil: 1_000_000, mld: 1_000_000_000 }

/** "20 000" is one number, or two. */
function groupReadings(groups: readonly string[]): Reading[] {
  return [[Number(groups.join(''))], groups.map(Number)]
}

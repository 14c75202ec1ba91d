import { type SpokenNumber, spokenNumberAt } from './number-words.ts'
import { spellingOf } from './spelling.ts'

/** Digits, an abbreviation or a symbol, where it stands in a text, and how it may be said. */
export type WrittenSign = {
  readonly text: string
  /** Offsets into the text, in UTF-16 units. */
  readonly from: number
  readonly to: number
  readonly readings: readonly Reading[]
}

/** One way of saying a sign: for each place a number, or a pattern of a word. */
export type Reading = readonly (number | RegExp)[]

/** The signs of a text, in order and not overlapping; of those that begin at one place the first alternative of SIGN. */
export function writtenSignsOf(text: string): WrittenSign[] {
  const signs: WrittenSign[] = []
  for (const match of text.matchAll(SIGN)) {
    const readings = readingsOf(match[0].toLocaleLowerCase('cs'))
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
  return readings.reduce((most, reading) => Math.max(most, lengthOfReading(reading, said, at)), 0)
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

/** Abbreviations, with what is said for them; their dot is punctuation. */
const ABBREVIATIONS: ReadonlyMap<string, readonly Reading[]> = new Map(
  Object.entries({
    např: ['například'],
    atd: ['a tak dále'],
    apod: ['a podobně'],
    atp: ['a tak podobně'],
    tj: ['to je', 'to jest'],
    tzn: ['to znamená'],
    tzv: ['takzvan.+'],
    cca: ['cirka', 'circa', 'asi', 'přibližně'],
    mj: ['mimo jiné'],
    popř: ['popřípadě'],
    příp: ['případně'],
    resp: ['respektive'],
    vč: ['včetně'],
    aj: ['a jin.+'],
    č: ['čísl.+'],
    ul: ['ulic.+'],
    nám: ['náměstí.*'],
    tř: ['tříd.+'],
    str: ['stran.+', 'stránk.+'],
    hod: ['hodin.*'],
    h: ['hodin.*'],
    min: ['minut.*'],
    sek: ['sekund.*', 'vteřin.*'],
    kč: ['korun.*', 'korun.* česk.+'],
    eur: ['eur.*'],
    km: ['kilometr.*'],
    m: ['metr.*'],
    cm: ['centimetr.*', 'centim.+'],
    mm: ['milimetr.*'],
    kg: ['kilogram.*', 'kil.+'],
    dkg: ['deka?.*'],
    g: ['gram.*'],
    l: ['litr.*'],
    ml: ['mililitr.*'],
    m2: ['metr.* čtverečn.+', 'čtverečn.+ metr.*'],
    km2: ['kilometr.* čtverečn.+'],
    tis: ['tisíc.*'],
    mil: ['mili[oó]n.*'],
    mld: ['miliard.*'],
    p: ['pan.*', 'paní'],
    sl: ['slečn.+'],
    dr: ['doktor.*'],
    mudr: ['doktor.*'],
    ing: ['inženýr.*'],
    mgr: ['magistr.*'],
    bc: ['bakalář.*'],
    prof: ['profesor.*'],
    sv: ['svat.+'],
    st: ['století'],
    r: ['rok.*', 'roce'],
    čr: ['česk.+ republi.+'],
    eu: ['evropsk.+ uni.+'],
    usa: ['spojen.+ stát.+'],
  }).map(([sign, readings]) => [sign, readings.map(patternsOf)]),
)

const SYMBOLS: ReadonlyMap<string, readonly Reading[]> = new Map(
  Object.entries({
    '%': ['procent.*'],
    '°': ['stup.+'],
    '°c': ['stup.+ celsia', 'stup.+'],
    '€': ['eur.*'],
    $: ['dolar.*'],
    '&': ['a'],
    '+': ['plus'],
    '=': ['rovná se', 'je'],
    '×': ['krát'],
    '§': ['paragraf.*'],
    '½': ['půl', 'polovin.+'],
    '¼': ['čtvrt.*'],
  }).map(([sign, readings]) => [sign, readings.map(patternsOf)]),
)

function patternsOf(words: string): Reading {
  return words.split(' ').map((word) => new RegExp(`^(?:${word})$`, 'u'))
}

const SIGN = new RegExp(
  [
    // A date, a time or a decimal, thousands by groups, a number.
    String.raw`(?<![\p{L}\p{N}])\d{1,2}\.[ \u00a0]?\d{1,2}\.(?!\d)`,
    String.raw`(?<![\p{L}\p{N}])\d{1,2}[:.]\d{2}(?![\p{N}])`,
    String.raw`(?<![\p{L}\p{N}])\d+,\d+`,
    String.raw`(?<![\p{L}\p{N}])\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)`,
    String.raw`(?<![\p{L}])\d+`,
    String.raw`°[ \u00a0]?[Cc](?![\p{L}])`,
    '[%°€$&+=×§½¼]',
    String.raw`(?<![\p{L}\p{M}])(?:${[...ABBREVIATIONS.keys()].join('|')}|m²|km²)(?![\p{L}\p{M}\p{N}])`,
  ].join('|'),
  'giu',
)

function readingsOf(sign: string): readonly Reading[] {
  const symbol = SYMBOLS.get(sign.replace(/\s/gu, '')) ?? ABBREVIATIONS.get(sign.normalize('NFKC'))
  if (symbol) return symbol
  const [first = 0, second = 0] = sign
    .split(/\D+/u)
    .filter((digits) => digits !== '')
    .map(Number)
  if (/^\d+\.\s?\d+\.$/u.test(sign)) return dateReadings(first, second)
  if (/[:.]/u.test(sign)) return timeReadings(first, second)
  if (sign.includes(',')) return decimalReadings(first, second)
  // "20 000" is one number, or two.
  if (/\s/u.test(sign)) return [[Number(sign.replace(/\s/gu, ''))], sign.split(/\s/u).map(Number)]
  return [[Number(sign)]]
}

function dateReadings(day: number, month: number): Reading[] {
  const name = MONTHS[month - 1]
  return name === undefined
    ? [[day, month]]
    : [
        [day, month],
        [day, name],
      ]
}

const MONTHS =
  `led.+ únor.* břez.+ dub.+ květ.+ červ(?:en|na|nu|nem) červen(?:ec|ce|ci|cem) srp.+ září.* říj.+
  listopad.* prosin.+`
    .split(/\s+/u)
    .map((month) => new RegExp(`^(?:${month})$`, 'u'))

const HOUR = /^hodin.*$/u
const MINUTE = /^minut.*$/u

/** A time, also by the quarters on the way to the next hour; or a decimal with a point. */
function timeReadings(hour: number, minute: number): Reading[] {
  const readings = [hour, hour % 12].flatMap((value) => hourReadings(value, minute))
  return [
    ...quarterReadings((hour % 12) + 1, minute),
    ...readings,
    ...decimalReadings(hour, minute),
  ]
}

function hourReadings(hour: number, minute: number): Reading[] {
  if (minute === 0) return [[hour, HOUR], [hour]]
  return [
    [hour, HOUR, minute, MINUTE],
    [hour, HOUR, minute],
    [hour, HOUR, /^a$/u, minute, MINUTE],
    [hour, minute],
  ]
}

function quarterReadings(nextHour: number, minute: number): Reading[] {
  switch (minute) {
    case 15:
      return [[/^čtvrt$/u, /^na$/u, nextHour]]
    case 30:
      return [[/^půl$/u, nextHour]]
    case 45:
      return [
        [/^třičtvrtě$/u, /^na$/u, nextHour],
        [/^tři$/u, /^čtvrtě$/u, /^na$/u, nextHour],
      ]
    default:
      return []
  }
}

function decimalReadings(whole: number, fraction: number): Reading[] {
  const half: Reading[] =
    fraction === 5
      ? [
          [whole, /^a$/u, /^půl$/u],
          [whole, /^a$/u, /^polovin.+$/u],
        ]
      : []
  return [...half, [whole, /^cel(?:á|é|ých)$/u, fraction], [whole, /^čárka$/u, fraction]]
}

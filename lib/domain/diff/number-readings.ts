import type { Reading } from './reading.ts'

/** How numbers are said that are written with more than their digits. */

export function dateReadings(day: number, month: number): Reading[] {
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
export function timeReadings(hour: number, minute: number): Reading[] {
  const readings = [hour, hour % 12].flatMap((value) => hourReadings(value, minute))
  return [
    ...quarterReadings((hour % 12) + 1, minute),
    ...readings,
    // "nula pět".
    ...(minute > 0 && minute < 10 ? [[hour, 0, minute]] : []),
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

export function decimalReadings(whole: number, fraction: number): Reading[] {
  const halfReadings: Reading[] =
    fraction === 5
      ? [
          [whole, /^a$/u, /^půl$/u],
          [whole, /^a$/u, /^polovin.+$/u],
        ]
      : []
  return [...halfReadings, [whole, /^cel(?:á|é|ých)$/u, fraction], [whole, /^čárka$/u, fraction]]
}

/** A sum with its smaller coin: `2,50 Kč` is `dvě koruny padesát`. */
export function moneyReadings(whole: number, fraction: number): Reading[] {
  return [
    [whole, CROWN, fraction],
    [whole, CROWN, fraction, HELLER],
    [whole, CROWN, /^a$/u, fraction, HELLER],
    ...decimalReadings(whole, fraction).map((reading) => [...reading, CROWN]),
  ]
}

const CROWN = /^korun.*$/u
const HELLER = /^hal[éí]ř.*$/u

/** `2x`, `3×`, `2krát`: how often. */
export function timesReadings(count: number): Reading[] {
  const word = TIMES[count - 1]
  return [[count, /^krát$/u], ...(word === undefined ? [] : [[new RegExp(`^${word}krát$`, 'u')]])]
}

const TIMES = 'jeden dva tři čtyři pět šest sedm osm devět deset'.split(' ')

/** `9–17`: also without the word between. */
export function rangeReadings(from: number, to: number): Reading[] {
  return [
    [from, /^(?:až|do)$/u, to],
    [/^od$/u, from, /^do$/u, to],
    [from, to],
  ]
}

/** A number below zero. */
export function negativeReadings(number: number): Reading[] {
  return [[/^m[ií]nus$/u, number]]
}

/** `1/2`, `3/4`. */
export function fractionReadings(part: number, whole: number): Reading[] {
  const names = FRACTIONS[`${part}/${whole}`] ?? []
  return names.map((name) => name.split(' ').map((word) => new RegExp(`^${word}$`, 'u')))
}

const FRACTIONS: Readonly<Record<string, readonly string[]>> = {
  '1/2': ['půl', 'polovin.+'],
  '1/3': ['třetin.+'],
  '1/4': ['čtvrt.*'],
  '3/4': ['tři čtvrtě', 'třičtvrtě'],
}

/** A Roman number of up to 39, as kings, centuries and floors have it. */
export function romanNumber(digits: string): number {
  const values = Array.from(digits, (digit) => ROMAN[digit] ?? 0)
  return values.reduce(
    (sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value),
    0,
  )
}

const ROMAN: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10 }

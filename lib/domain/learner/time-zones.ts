import { CITIES } from './cities.ts'

/** Names that the platform still lists zones by, and those of today. */
const TODAYS_NAMES: Readonly<Record<string, string>> = {
  'Europe/Kiev': 'Europe/Kyiv',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
}

/** Where most learners live; first among those that have the same time. */
export const USUAL_ZONES: readonly string[] = [
  'Europe/Prague',
  'Europe/Kyiv',
  'Europe/Moscow',
  'Europe/London',
  'Asia/Almaty',
  'Asia/Ho_Chi_Minh',
]

/** Every zone, by its IANA name of today; the usual ones first. */
export const ZONES: readonly string[] = [
  ...new Set([
    ...USUAL_ZONES,
    ...Object.keys(CITIES),
    ...Intl.supportedValuesOf('timeZone').map((zone) => TODAYS_NAMES[zone] ?? zone),
    'UTC',
  ]),
]

/** How many places are offered at most. */
const MAX_PLACES = 6
/** The start of a name is enough from so many letters on. */
const MIN_START_LENGTH = 3

/** Finds a zone by its exact IANA name. */
export function findZone(name: string): string | undefined {
  return ZONES.find((zone) => zone === name)
}

/**
 * The zones that words may mean, at most six, the likeliest first: a city, an IANA name, or an offset from UTC at that
 * instant (`+2`, `UTC+05:30`). None where they mean nothing.
 */
export function findZones(words: string, instant: Date): readonly string[] {
  const name = normalise(words)
  if (name === '') return []
  const namedZones = zonesWhere((placeName) => placeName === name)
  if (namedZones.length > 0) return namedZones
  const offset = offsetOf(name)
  if (offset !== undefined) {
    const zones = ZONES.filter((zone) => offsetMinutes(zone, instant) === offset)
    const knownZones = zones.filter((zone) => zone in CITIES)
    return (knownZones.length > 0 ? knownZones : zones).slice(0, MAX_PLACES)
  }
  if (name.length < MIN_START_LENGTH) return []
  return zonesWhere((placeName) => placeName.startsWith(name))
}

/** The time of day in a zone, `HH:MM`. */
export function timeIn(zone: string, instant: Date): string {
  const format = { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat('en-GB', format).format(instant)
}

/** How far a zone's clock is ahead of UTC at an instant, in minutes. */
export function offsetMinutes(zone: string, instant: Date): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(instant)
    .find(({ type }) => type === 'timeZoneName')
  return offsetOf(normalise(parts?.value ?? '')) ?? 0
}

function zonesWhere(isMeant: (placeName: string) => boolean): readonly string[] {
  return ZONES.filter((zone) => namesOf(zone).some(isMeant)).slice(0, MAX_PLACES)
}

/** The whole name, its city (`Buenos Aires` of `America/Argentina/Buenos_Aires`), and the other cities there. */
function namesOf(zone: string): string[] {
  const city = zone.split('/').at(-1) ?? zone
  return [zone, city, ...(CITIES[zone] ?? [])].map(normalise)
}

function normalise(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('−', '-')
    .replaceAll('đ', 'd')
    .replaceAll('ł', 'l')
    .replace(/[\s_]+/g, ' ')
    .replace(/(?<=\p{L})-(?=\p{L})/gu, ' ')
    .trim()
}

/** An offset in minutes: `utc`, `+2`, `gmt-3`, `utc+05:30`; undefined for anything else. */
function offsetOf(name: string): number | undefined {
  if (name === 'utc' || name === 'gmt') return 0
  const [, sign, hours, minutes = '0'] =
    /^(?:utc|gmt)? ?([+-]) ?(\d{1,2})(?::?([0-5]\d))?$/.exec(name) ?? []
  if (sign === undefined || hours === undefined) return undefined
  const size = Number(hours) * 60 + Number(minutes)
  return sign === '-' ? -size : size
}

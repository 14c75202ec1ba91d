/** A calendar day, `YYYY-MM-DD`: days compare as strings. */
export type Day = string

/**
 * The day that an instant belongs to in an IANA time zone.
 *
 * Throws RangeError for an unknown zone: zones are validated where they enter.
 */
export function localDay(instant: Date, timeZone: string): Day {
  const parts = formatterIn(timeZone).formatToParts(instant)
  const partOf = (type: string) =>
    parts.find(({ type: partType }) => partType === type)?.value ?? ''
  return `${partOf('year').padStart(4, '0')}-${partOf('month')}-${partOf('day')}`
}

/** One a zone: to make a formatter takes many times as long as to format. There are a few hundred zones. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterIn(timeZone: string): Intl.DateTimeFormat {
  const formatter =
    formatters.get(timeZone) ??
    new Intl.DateTimeFormat('en', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
  formatters.set(timeZone, formatter)
  return formatter
}

/** The day so many calendar days later: clock changes make no difference. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}

/**
 * Seconds from an instant until the learner's next day begins, at least 1.
 *
 * Found by looking for the change of the local day, so that nights with clock changes are right.
 */
export function secondsUntilNextDay(instant: Date, timeZone: string): number {
  const today = localDay(instant, timeZone)
  let low = 0
  let high = 26 * 3_600
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    const laterInstant = new Date(instant.getTime() + middle * 1000)
    if (localDay(laterInstant, timeZone) === today) low = middle
    else high = middle
  }
  return high
}

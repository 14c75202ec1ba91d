/** Days in a row up to the newest of them, in any order. */
export function streakOf(days: readonly string[]): number {
  const daySet = new Set(days)
  let day = days.toSorted().at(-1) ?? ''
  let length = 0
  while (daySet.has(day)) {
    length += 1
    day = dayBefore(day, 1)
  }
  return length
}

/** The day so many days before one. */
export function dayBefore(day: string, count: number): string {
  const date = new Date(`${day}T12:00:00Z`)
  date.setUTCDate(date.getUTCDate() - count)
  return date.toISOString().slice(0, 10)
}

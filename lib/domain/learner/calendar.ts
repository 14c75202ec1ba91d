import { addDays, type Day, localDay, secondsUntilNextDay } from '../day.ts'
import type { Progress } from './progress.ts'

/** Which day it is for a learner: by their time zone, and by what the newest change of it has left to be done. */
export type Calendar = {
  /** IANA name. */
  timeZone: string
  /** The newest change of the zone; null where there was none. */
  zoneChange: ZoneChange | null
}

export type ZoneChange = {
  at: Date
  /** The learner's day on which it was made, and when that day ends. */
  day: Day
  dayEndsAt: Date
  /** The newest day that a change has left out of the calendar. */
  skippedDay: Day | null
}

/** No change of the zone makes a day shorter than this; one that would be is left out. */
export const SHORTEST_DAY_HOURS = 12

/** A message comes in so much later than it was written at most: Telegram delivers for a day. */
const LATE_MS = 24 * 3_600_000

/**
 * The learner's day that an instant belongs to. The day of a change goes on after it: there is no second plan for
 * those who move their clock, and none of a day that is over.
 */
export function dayAt({ timeZone, zoneChange }: Calendar, instant: Date): Day {
  if (zoneChange !== null && isOfItsDay(zoneChange, instant)) return zoneChange.day
  return localDay(instant, timeZone)
}

/** When the learner's day ends that an instant belongs to, to the second. */
export function dayEndAt({ timeZone, zoneChange }: Calendar, instant: Date): Date {
  if (zoneChange !== null && isOfItsDay(zoneChange, instant)) return zoneChange.dayEndsAt
  return nextMidnight(instant, timeZone)
}

/**
 * The calendar with another zone from an instant on; null where the zone was changed on this day already.
 *
 * The day goes on at least as long as without the change, and the next one is at least `SHORTEST_DAY_HOURS` long: the
 * rest of it that a move far to the east would leave is part of the day before, and its own date is skipped.
 */
export function changeZone(calendar: Calendar, timeZone: string, at: Date): Calendar | null {
  if (timeZone === calendar.timeZone) return calendar
  const day = dayAt(calendar, at)
  if (calendar.zoneChange !== null && calendar.zoneChange.day >= day) return null
  const dayEndsAt = dayEndWith(timeZone, day, dayEndAt(calendar, at))
  const tomorrow = addDays(day, 1)
  const isSkipped = localDay(dayEndsAt, timeZone) > tomorrow
  const skippedDay = isSkipped ? tomorrow : (calendar.zoneChange?.skippedDay ?? null)
  return { timeZone, zoneChange: { at, day, dayEndsAt, skippedDay } }
}

/**
 * The progress as it stands once a skipped day is over: a streak up to the day before it counts as up to it, and is as
 * long as it was. `day` is the day to look from.
 */
export function acrossSkippedDay(progress: Progress, { zoneChange }: Calendar, day: Day): Progress {
  const skippedDay = zoneChange?.skippedDay ?? null
  const { run } = progress
  if (skippedDay === null || run === null || day <= skippedDay) return progress
  if (run.to !== addDays(skippedDay, -1)) return progress
  return { ...progress, run: { from: addDays(run.from, 1), to: skippedDay } }
}

/**
 * Tells whether an instant belongs to the day of the change. What was said shortly before the change and comes in after
 * it does, too: the new clock would put it on a day that is over, whose plan may be unused.
 */
function isOfItsDay({ at, dayEndsAt }: ZoneChange, instant: Date): boolean {
  return instant < dayEndsAt && instant.getTime() > at.getTime() - LATE_MS
}

/** When a day ends that would have ended at `plannedEnd`, in a zone that the learner has moved to. */
function dayEndWith(timeZone: string, day: Day, plannedEnd: Date): Date {
  let end = plannedEnd
  // To the west: the day that is there already comes again by the clock.
  while (localDay(end, timeZone) <= day) end = nextMidnight(end, timeZone)
  if (end > plannedEnd) return end
  const restEnd = nextMidnight(end, timeZone)
  const restHours = (restEnd.getTime() - end.getTime()) / 3_600_000
  return restHours < SHORTEST_DAY_HOURS ? restEnd : end
}

function nextMidnight(instant: Date, timeZone: string): Date {
  // Offsets of zones are whole seconds.
  const wholeSecondMs = Math.floor(instant.getTime() / 1000) * 1000
  return new Date(wholeSecondMs + secondsUntilNextDay(new Date(wholeSecondMs), timeZone) * 1000)
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, type Day, localDay } from '../../../lib/domain/day.ts'
import {
  acrossSkippedDay,
  type Calendar,
  changeZone,
  dayAt,
  dayEndAt,
  SHORTEST_DAY_HOURS,
} from '../../../lib/domain/learner/calendar.ts'
import { advance, currentStreak, type Progress } from '../../../lib/domain/learner/progress.ts'

const HOUR_MS = 3_600_000
const at = (instant: string) => new Date(instant)
const home = (timeZone: string): Calendar => ({ timeZone, zoneChange: null })
const NEW: Progress = { totalStars: 0, run: null, previousRun: null, maxStreak: 0 }

/** The zone is changed; fails where it may not be. */
function moved(calendar: Calendar, timeZone: string, instant: string): Calendar {
  const movedCalendar = changeZone(calendar, timeZone, at(instant))
  if (movedCalendar === null) expect.fail(`Not another zone at ${instant}.`)
  return movedCalendar
}

describe('the day of a learner who moves', () => {
  it.each([
    // From, to, when; then: an instant and the day that it belongs to.
    ['Europe/Prague', 'Europe/Kyiv', '2026-11-23T22:30:00Z', '2026-11-23T22:59:59Z', '2026-11-23'],
    ['Europe/Prague', 'Europe/Kyiv', '2026-11-23T22:30:00Z', '2026-11-23T23:00:00Z', '2026-11-24'],
    ['Europe/Prague', 'Asia/Almaty', '2026-11-23T20:00:00Z', '2026-11-23T20:00:00Z', '2026-11-23'],
    // To the west: the day that has begun goes on until it is over there, too.
    [
      'Europe/Prague',
      'America/New_York',
      '2026-11-24T01:00:00Z',
      '2026-11-24T04:00:00Z',
      '2026-11-24',
    ],
    [
      'Europe/Prague',
      'America/New_York',
      '2026-11-24T01:00:00Z',
      '2026-11-25T04:59:59Z',
      '2026-11-24',
    ],
    [
      'Europe/Prague',
      'America/New_York',
      '2026-11-24T01:00:00Z',
      '2026-11-25T05:00:00Z',
      '2026-11-25',
    ],
    // Across the date line: one day is left out.
    [
      'Pacific/Pago_Pago',
      'Pacific/Kiritimati',
      '2026-11-23T20:00:00Z',
      '2026-11-24T10:59:59Z',
      '2026-11-23',
    ],
    [
      'Pacific/Pago_Pago',
      'Pacific/Kiritimati',
      '2026-11-23T20:00:00Z',
      '2026-11-24T11:00:00Z',
      '2026-11-25',
    ],
  ])('%s to %s at %s: %s is the day %s', (from, to, moveAt, instant, day) => {
    expect(dayAt(moved(home(from), to, moveAt), at(instant))).toBe(day)
  })

  it('what was said before the move and comes in after it belongs to its day, if it is no day old', () => {
    const calendar = moved(home('Europe/Prague'), 'Pacific/Honolulu', '2026-11-24T08:00:00Z')
    expect(dayAt(calendar, at('2026-11-24T07:59:59Z'))).toBe('2026-11-24')
    expect(dayAt(calendar, at('2026-11-22T20:00:00Z'))).toBe('2026-11-22')
  })

  it('the zone is changed once a day, and the same zone again is no change', () => {
    const calendar = moved(home('Europe/Prague'), 'Europe/Kyiv', '2026-11-23T10:00:00Z')
    expect(changeZone(calendar, 'Asia/Almaty', at('2026-11-23T22:59:59Z'))).toBeNull()
    expect(changeZone(calendar, 'Europe/Kyiv', at('2026-11-23T11:00:00Z'))).toBe(calendar)
    expect(changeZone(calendar, 'Asia/Almaty', at('2026-11-23T23:00:00Z'))).not.toBeNull()
  })

  it('without a move the day is the zone’s', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...SOME_ZONES), (instant, zone) => {
        expect(dayAt(home(zone), instant)).toBe(localDay(instant, zone))
      }),
    )
  })
})

const SOME_ZONES = [
  'Pacific/Pago_Pago',
  'Pacific/Honolulu',
  'America/Los_Angeles',
  'America/St_Johns',
  'UTC',
  'Europe/London',
  'Europe/Prague',
  'Europe/Kyiv',
  'Asia/Kathmandu',
  'Asia/Vladivostok',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Kiritimati',
]

const instants = fc.date({
  min: at('2026-01-01T00:00:00Z'),
  max: at('2027-12-31T00:00:00Z'),
  noInvalidDate: true,
})

/** A learner's life: it begins at an instant, and after so many quarters of an hour each they try to move. */
const lives = fc.record({
  start: instants,
  zone: fc.constantFrom(...SOME_ZONES),
  moves: fc.array(
    fc.record({
      afterQuarters: fc.integer({ min: 0, max: 300 }),
      zone: fc.constantFrom(...SOME_ZONES),
    }),
    { minLength: 1, maxLength: 6 },
  ),
})

type Moment = { instant: Date; day: Day; calendar: Calendar }
type Life = { start: Date; zone: string; moves: { afterQuarters: number; zone: string }[] }

/** Every hour of a life, before and after each try to move, and three days beyond the last. */
function momentsOf({ start, zone, moves }: Life): { moments: Moment[]; moveDays: Day[] } {
  let calendar = home(zone)
  let instant = start
  const moments: Moment[] = []
  const moveDays: Day[] = []
  const look = () => moments.push({ instant, day: dayAt(calendar, instant), calendar })
  const pass = (quarters: number) => {
    for (let left = quarters; left > 0; left -= 4) {
      instant = new Date(instant.getTime() + Math.min(4, left) * (HOUR_MS / 4))
      look()
    }
  }
  look()
  for (const move of moves) {
    pass(move.afterQuarters)
    const movedCalendar = changeZone(calendar, move.zone, instant)
    if (movedCalendar !== null && movedCalendar !== calendar)
      moveDays.push(dayAt(calendar, instant))
    calendar = movedCalendar ?? calendar
    look()
  }
  pass(3 * 24 * 4)
  return { moments, moveDays }
}

/** The days of a life in their order, each with the first and the last moment that was seen of it. */
function daysOf(moments: readonly Moment[]) {
  const days = new Map<Day, { first: Moment; last: Moment }>()
  for (const moment of moments) {
    days.set(moment.day, { first: days.get(moment.day)?.first ?? moment, last: moment })
  }
  return [...days.values()]
}

describe('the laws of moving', () => {
  it('a move changes no day at once, is made once a day, and never brings a day back', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { moments, moveDays } = momentsOf(life)
        expect(new Set(moveDays).size).toBe(moveDays.length)
        for (const [index, { day, instant }] of moments.entries()) {
          const before = moments[index - 1]
          if (before === undefined) continue
          expect(day >= before.day).toBe(true)
          if (instant.getTime() === before.instant.getTime()) expect(day).toBe(before.day)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('no move makes a day shorter than half a day: there are never three plans in it', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const whole = daysOf(momentsOf(life).moments).slice(1, -1)
        for (const { first, last } of whole) {
          const hours = (last.instant.getTime() - first.instant.getTime()) / HOUR_MS
          // The hours of both ends were not seen.
          expect(hours + 2).toBeGreaterThanOrEqual(SHORTEST_DAY_HOURS)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('a learner has no more plans than the time that has passed has days, and two for the ends', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { moments } = momentsOf(life)
        const days = daysOf(moments)
        const lengthMs = (moments.at(-1)?.instant.getTime() ?? 0) - life.start.getTime()
        // The clock of the farthest east is 26 h ahead of that of the farthest west.
        expect(days.length).toBeLessThanOrEqual(Math.floor(lengthMs / (24 * HOUR_MS)) + 3)
      }),
    )
  })

  it('the end of the day is the moment before which it is this day, and after which the next', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { moments } = momentsOf(life)
        for (const { calendar, instant, day } of moments.filter((_, index) => index % 16 === 0)) {
          const end = dayEndAt(calendar, instant)
          expect(dayAt(calendar, new Date(end.getTime() - 1000))).toBe(day)
          expect(dayAt(calendar, end) > day).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('who has a lesson on each of their days keeps the streak over every move', () => {
    fc.assert(
      fc.property(lives, (life) => {
        let progress = NEW
        const days = daysOf(momentsOf(life).moments)
        for (const [index, { last }] of days.entries()) {
          const { calendar, day } = last
          const before = acrossSkippedDay(progress, calendar, day)
          // Also the day before the lesson, as the learner sees it.
          expect(currentStreak(before, day)).toBe(index)
          progress = advance(before, day, 1, {
            score: 100,
            wordsSaid: 5,
            isRepeated: false,
          }).progress
          expect(currentStreak(progress, day)).toBe(index + 1)
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('a skipped day', () => {
  const calendar = moved(home('Pacific/Pago_Pago'), 'Pacific/Kiritimati', '2026-11-23T20:00:00Z')
  const progress = { ...NEW, run: { from: '2026-11-20', to: '2026-11-23' } }

  it('a streak up to the day before counts as up to it, as long as it was', () => {
    expect(calendar.zoneChange?.skippedDay).toBe('2026-11-24')
    expect(acrossSkippedDay(progress, calendar, '2026-11-25').run).toEqual({
      from: '2026-11-21',
      to: '2026-11-24',
    })
  })

  it('a late lesson of the day before finds the streak as it was, and a broken streak stays broken', () => {
    expect(acrossSkippedDay(progress, calendar, '2026-11-23')).toBe(progress)
    const lapsed = { ...NEW, run: { from: '2026-11-20', to: addDays('2026-11-23', -1) } }
    expect(acrossSkippedDay(lapsed, calendar, '2026-11-25')).toBe(lapsed)
  })
})

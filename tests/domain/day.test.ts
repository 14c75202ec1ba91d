import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, localDay, secondsUntilNextDay } from '../../lib/domain/day.ts'

/** Half hours, quarters, both ends of the day line, and clocks that change at midnight. */
const zone = fc.constantFrom(
  'UTC',
  'Europe/Prague',
  'Europe/Kyiv',
  'Europe/Moscow',
  'Europe/Lisbon',
  'Atlantic/Azores',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Vladivostok',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
)
const START = Date.UTC(2024, 0, 1)
const END = Date.UTC(2031, 0, 1)
const instant = fc.integer({ min: START, max: END }).map((ms) => new Date(ms))
/** The hours around the nights in which clocks change. */
const nearChange = fc
  .tuple(
    fc.constantFrom(
      '2026-03-28',
      '2026-03-29',
      '2026-10-24',
      '2026-10-25',
      '2026-11-01',
      '2026-04-24',
    ),
    fc.integer({ min: 0, max: 86_399_999 }),
  )
  .map(([day, ms]) => new Date(Date.parse(day) + ms))
const anyInstant = fc.oneof(instant, nearChange)
const anyDay = instant.map((at) => at.toISOString().slice(0, 10))

describe('localDay', () => {
  test.each([
    ['2026-11-23T22:59:59.999Z', 'Europe/Prague', '2026-11-23'],
    ['2026-11-23T23:00:00.000Z', 'Europe/Prague', '2026-11-24'],
    ['2026-07-01T22:00:00Z', 'Europe/Prague', '2026-07-02'],
    ['2026-11-23T23:00:00Z', 'UTC', '2026-11-23'],
    ['2026-11-23T18:29:59Z', 'Asia/Kolkata', '2026-11-23'],
    ['2026-11-23T18:30:00Z', 'Asia/Kolkata', '2026-11-24'],
    ['2026-11-23T10:00:00Z', 'Pacific/Kiritimati', '2026-11-24'],
    ['2026-11-23T10:59:59Z', 'Pacific/Pago_Pago', '2026-11-22'],
    ['2026-12-31T23:00:00Z', 'Europe/Prague', '2027-01-01'],
    ['2028-02-28T23:00:00Z', 'Europe/Prague', '2028-02-29'],
  ])('the local day of %s in %s is %s', (at, timeZone, day) => {
    expect(localDay(new Date(at), timeZone)).toBe(day)
  })

  test('the local day never goes back while time goes on', () => {
    fc.assert(
      fc.property(
        zone,
        anyInstant,
        fc.integer({ min: 0, max: 30 * 3_600_000 }),
        (tz, at, laterMs) => {
          const firstDay = localDay(at, tz)
          const laterDay = localDay(new Date(at.getTime() + laterMs), tz)
          expect(laterDay >= firstDay).toBe(true)
          expect(laterDay <= addDays(firstDay, 2)).toBe(true)
        },
      ),
    )
  })

  test('the local day is the date that a clock on the wall shows', () => {
    fc.assert(
      fc.property(zone, anyInstant, (timeZone, at) => {
        expect(localDay(at, timeZone)).toBe(at.toLocaleDateString('sv-SE', { timeZone }))
      }),
    )
  })

  test('the local day of an unknown zone is an error', () => {
    expect(() => localDay(new Date(0), 'Europe/Nowhere')).toThrow(RangeError)
  })
})

describe('addDays', () => {
  test.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-03-28', 1, '2026-03-29'],
    ['2026-10-25', 1, '2026-10-26'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-11-23', 0, '2026-11-23'],
  ])('%s and %d days is %s', (day, days, expectedDay) => {
    expect(addDays(day, days)).toBe(expectedDay)
  })

  test('added days can be taken away again, and add up', () => {
    const count = fc.integer({ min: -2_000, max: 2_000 })
    fc.assert(
      fc.property(anyDay, count, count, (day, a, b) => {
        expect(addDays(addDays(day, a), -a)).toBe(day)
        expect(addDays(addDays(day, a), b)).toBe(addDays(day, a + b))
        expect(addDays(day, 1) > day).toBe(true)
      }),
    )
  })
})

describe('secondsUntilNextDay', () => {
  test.each([
    ['2026-11-23T11:00:00Z', 'Europe/Prague', 12 * 3_600],
    ['2026-11-23T22:59:59Z', 'Europe/Prague', 1],
    ['2026-11-23T22:59:59.999Z', 'Europe/Prague', 1],
    ['2026-11-23T23:00:00Z', 'Europe/Prague', 24 * 3_600],
    // Nights in which the clocks go forward, and back.
    ['2026-03-28T23:00:00Z', 'Europe/Prague', 23 * 3_600],
    ['2026-10-24T22:00:00Z', 'Europe/Prague', 25 * 3_600],
    // The clocks skip midnight: the day begins at one.
    ['2026-04-23T12:00:00Z', 'Africa/Cairo', 10 * 3_600],
  ])('the seconds from %s in %s until the next day are %d', (at, timeZone, seconds) => {
    expect(secondsUntilNextDay(new Date(at), timeZone)).toBe(seconds)
  })

  test('the seconds until the next day lead into it and not a second further', () => {
    fc.assert(
      fc.property(zone, anyInstant, (tz, at) => {
        const seconds = secondsUntilNextDay(at, tz)
        const today = localDay(at, tz)
        const dayAfter = (s: number) => localDay(new Date(at.getTime() + s * 1000), tz)
        expect(seconds).toBeGreaterThanOrEqual(1)
        expect(dayAfter(seconds)).toBe(addDays(today, 1))
        expect(dayAfter(seconds - 1)).toBe(today)
      }),
      { numRuns: 60 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CITIES } from '../../../lib/domain/learner/cities.ts'
import {
  findZone,
  findZones,
  offsetMinutes,
  timeIn,
  ZONES,
} from '../../../lib/domain/learner/time-zones.ts'

const WINTER = new Date('2026-11-23T12:00:00Z')
const SUMMER = new Date('2026-07-01T12:00:00Z')

describe('the place that words mean', () => {
  it.each([
    ['Praha', 'Europe/Prague'],
    ['praha', 'Europe/Prague'],
    ['Прага', 'Europe/Prague'],
    ['Prague', 'Europe/Prague'],
    ['Plzen', 'Europe/Prague'],
    ['ČESKÉ  BUDĚJOVICE', 'Europe/Prague'],
    ['Київ', 'Europe/Kyiv'],
    ['Киев', 'Europe/Kyiv'],
    ['Kiev', 'Europe/Kyiv'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['ивано-франковск', 'Europe/Kyiv'],
    ['Івано Франківськ', 'Europe/Kyiv'],
    ['Москва', 'Europe/Moscow'],
    ['питер', 'Europe/Moscow'],
    ['Алма-Ата', 'Asia/Almaty'],
    ['Могилев', 'Europe/Minsk'],
    ['Hà Nội', 'Asia/Ho_Chi_Minh'],
    ['da nang', 'Asia/Ho_Chi_Minh'],
    ['new york', 'America/New_York'],
    ['America/New York', 'America/New_York'],
    ['europe/prague', 'Europe/Prague'],
    ['Buenos Aires', 'America/Argentina/Buenos_Aires'],
    ['Екатеринб', 'Asia/Yekaterinburg'],
    ['utc', 'UTC'],
  ])('%s is %s', (words, zone) => {
    expect(findZones(words, WINTER)[0]).toBe(zone)
  })

  it.each([
    ['+1', WINTER, 'Europe/Prague'],
    ['UTC+2', SUMMER, 'Europe/Prague'],
    ['UTC+2', WINTER, 'Europe/Kyiv'],
    ['gmt +3', WINTER, 'Europe/Moscow'],
    ['utc−5', WINTER, 'America/New_York'],
    ['+05:30', WINTER, 'Asia/Kolkata'],
    ['UTC+0545', WINTER, 'Asia/Kathmandu'],
    ['0', WINTER, undefined],
    ['+27', WINTER, undefined],
  ])('the offset %s at %s is of %s, among others', (words, instant, zone) => {
    const zones = findZones(words, instant)
    expect(zones[0]).toBe(zone)
    expect(zones.length).toBeLessThanOrEqual(6)
    expect(new Set(zones.map((each) => offsetMinutes(each, instant))).size).toBe(zone ? 1 : 0)
  })

  it.each(['', '   ', 'Atlantida', 'x', '+', 'UTC+', '💥', 'constructor', '__proto__'])(
    '%j means no place',
    (words) => {
      expect(findZones(words, WINTER)).toEqual([])
    },
  )

  it('whatever is said, every place that it may mean is a zone with a time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (words) => {
        const zones = findZones(words, WINTER)
        expect(zones.length).toBeLessThanOrEqual(6)
        for (const zone of zones) {
          expect(findZone(zone)).toBe(zone)
          expect(timeIn(zone, WINTER)).toMatch(/^\d\d:\d\d$/)
        }
      }),
    )
  })
})

describe('the list of zones', () => {
  it('every zone, those of the cities too, is one that the platform knows, and fits a button', () => {
    for (const zone of [...ZONES, ...Object.keys(CITIES)]) {
      expect(() => timeIn(zone, WINTER), zone).not.toThrow()
      expect(zone.length).toBeLessThanOrEqual(64 - 'card-zone-ask:'.length)
    }
    expect(ZONES).not.toContain('Europe/Kiev')
  })

  it('every city in the table is found by its name', () => {
    for (const [zone, cities] of Object.entries(CITIES)) {
      for (const city of cities) expect(findZones(city, WINTER), city).toContain(zone)
    }
  })
})

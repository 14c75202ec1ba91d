import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, localDay } from '../../../lib/domain/day.ts'
import {
  type Advance,
  advance,
  CHALLENGE_STARS,
  currentStreak,
  dailyChallenge,
  type Progress,
  starReasons,
} from '../../../lib/domain/learner/progress.ts'

const NO_PROGRESS: Progress = { totalStars: 0, run: null, previousRun: null, maxStreak: 0 }

/** Takes lessons in this order, counting each day's as the product does. */
function takeAll(days: readonly string[], score = 50): { steps: Advance[]; progress: Progress } {
  const counts = new Map<string, number>()
  const steps: Advance[] = []
  let progress = NO_PROGRESS
  for (const day of days) {
    const count = (counts.get(day) ?? 0) + 1
    counts.set(day, count)
    const step = advance(progress, day, count, { score, wordsSaid: 6, isRepeated: false })
    steps.push(step)
    progress = step.progress
  }
  return { steps, progress }
}

const on = (...days: string[]) => takeAll(days).progress
const DAY = '2026-11-23'
/** A day's lessons on each of so many days in a row, the last one DAY. */
const daysUntil = (count: number) =>
  Array.from({ length: count }, (_, n) => addDays(DAY, n + 1 - count))

describe('Stars of a lesson', () => {
  test.each([
    [0, 1, 1],
    [79, 1, 1],
    [80, 1, 2],
    [100, 1, 2],
    [50, 6, 1],
    [50, 7, 3],
    [80, 7, 4],
    [50, 29, 3],
    [50, 30, 6],
    [100, 30, 7],
    [100, 400, 7],
  ])(
    'a lesson with a score of %d on day %d of a streak earns stars: %d',
    (score, streak, stars) => {
      const before = on(...daysUntil(streak).slice(0, -1))
      expect(advance(before, DAY, 1, { score, wordsSaid: 4, isRepeated: false })).toMatchObject({
        starsEarned: stars,
        bonusStars: 0,
      })
    },
  )

  test('the second star takes four words, and a better score or more words never cost a star', () => {
    const earned = (score: number, wordsSaid: number) =>
      advance(NO_PROGRESS, DAY, 1, { score, wordsSaid, isRepeated: false }).starsEarned
    expect([1, 3, 4, 5].map((words) => earned(100, words))).toEqual([1, 1, 2, 2])
    const number = fc.integer({ min: 0, max: 100 })
    fc.assert(
      fc.property(number, number, number, number, (score, words, better, more) => {
        expect(earned(score, words)).toBe(score >= 80 && words >= 4 ? 2 : 1)
        expect(earned(score + better, words + more)).toBeGreaterThanOrEqual(earned(score, words))
      }),
    )
  })

  test('a repeated text earns the first star only, and its part of a streak', () => {
    const streak = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(fc.nat(100), fc.nat(200), streak, (score, wordsSaid, days) => {
        const before = on(...daysUntil(days).slice(0, -1))
        const earned = (words: number, isRepeated: boolean) =>
          advance(before, DAY, 1, { score, wordsSaid: words, isRepeated }).starsEarned
        expect(earned(wordsSaid, true)).toBe(earned(0, false))
      }),
    )
  })

  test('the stars of a lesson tell what they were for', () => {
    const score = fc.constantFrom(0, 80)
    fc.assert(
      fc.property(score, fc.integer({ min: 1, max: 40 }), (score, days) => {
        const before = on(...daysUntil(days).slice(0, -1))
        const result = { score, wordsSaid: 6, isRepeated: false }
        expect(starReasons(advance(before, DAY, 1, result).starsEarned)).toEqual({
          lesson: 1,
          goodScore: score === 80 ? 1 : 0,
          streak: days >= 30 ? 5 : days >= 7 ? 2 : 0,
        })
      }),
    )
    expect(starReasons(0)).toEqual({ lesson: 0, goodScore: 0, streak: 0 })
  })

  test('the fifth lesson of a day brings the challenge’s five stars, and no other does', () => {
    const { steps, progress } = takeAll(Array(8).fill(DAY))
    expect(steps.map(({ bonusStars }) => bonusStars)).toEqual([0, 0, 0, 0, 5, 0, 0, 0])
    expect(progress.totalStars).toBe(8 + 5)
  })

  test('the daily challenge tells how many lessons are left', () => {
    expect([0, 1, 4, 5, 6].map(dailyChallenge)).toEqual([
      { completed: false, needed: 5 },
      { completed: false, needed: 4 },
      { completed: false, needed: 1 },
      { completed: true, needed: 0 },
      { completed: true, needed: 0 },
    ])
  })
})

describe('A streak', () => {
  test.each([
    ['no lesson', [], DAY, 0],
    ['today', [DAY], DAY, 1],
    ['yesterday', ['2026-11-22'], DAY, 1],
    ['the day before yesterday', ['2026-11-21'], DAY, 0],
    ['twice today', [DAY, DAY], DAY, 1],
    ['three days', ['2026-11-21', '2026-11-22', DAY], DAY, 3],
    ['after a gap', ['2026-11-20', '2026-11-22', DAY], DAY, 2],
    ['over the end of a month', ['2026-02-28', '2026-03-01'], '2026-03-01', 2],
    ['over a leap day', ['2028-02-28', '2028-02-29', '2028-03-01'], '2028-03-01', 3],
    ['over the end of a year', ['2026-12-31', '2027-01-01'], '2027-01-02', 2],
  ])('a streak of lessons: %s', (_, days, today, streak) => {
    expect(currentStreak(on(...days), today)).toBe(streak)
  })

  test.each([
    ['forward', ['2026-03-28T22:30:00Z', '2026-03-29T21:30:00Z', '2026-03-30T21:30:00Z']],
    ['back', ['2026-10-24T21:30:00Z', '2026-10-25T22:30:00Z', '2026-10-26T22:30:00Z']],
  ])('a streak of lessons at half past eleven survives the night clocks go %s', (_, instants) => {
    const days = instants.map((at) => localDay(new Date(at), 'Europe/Prague'))
    expect(currentStreak(on(...days), days.at(-1) ?? '')).toBe(3)
  })

  test.each([
    [
      'between two runs joins them',
      ['11-18', '11-19', '11-21', '11-20'],
      { from: '11-18', to: '11-21' },
    ],
    ['before the newest run lengthens it', ['11-22', '11-21'], { from: '11-21', to: '11-22' }],
    [
      'in the middle of a run changes nothing',
      ['11-20', '11-21', '11-22', '11-21'],
      { from: '11-20', to: '11-22' },
    ],
    ['of long ago changes nothing', ['11-20', '11-21', '11-03'], { from: '11-20', to: '11-21' }],
  ])('a late lesson %s', (_, days, { from, to }) => {
    expect(on(...days.map((day) => `2026-${day}`)).run).toEqual({
      from: `2026-${from}`,
      to: `2026-${to}`,
    })
  })
})

describe('The laws of progress', () => {
  /** Days of one month, in any order, with repeats. */
  const anyDays = fc.array(
    fc.integer({ min: 0, max: 29 }).map((n) => addDays('2026-03-15', n)),
    { maxLength: 40 },
  )

  test('the longest streak and the stars never fall', () => {
    fc.assert(
      fc.property(anyDays, (days) => {
        let before = NO_PROGRESS
        for (const { progress: after } of takeAll(days).steps) {
          expect(after.maxStreak).toBeGreaterThanOrEqual(before.maxStreak)
          expect(after.totalStars).toBeGreaterThan(before.totalStars)
          before = after
        }
      }),
    )
  })

  test('no lesson shortens the streak of today', () => {
    fc.assert(
      fc.property(anyDays, (days) => {
        const today = '2026-04-14'
        let streak = 0
        for (const { progress: after } of takeAll(days).steps) {
          expect(currentStreak(after, today)).toBeGreaterThanOrEqual(streak)
          streak = currentStreak(after, today)
        }
      }),
    )
  })

  test('the total of stars is the sum of what each lesson earned', () => {
    fc.assert(
      fc.property(anyDays, fc.integer({ min: 0, max: 100 }), (days, score) => {
        const { steps, progress } = takeAll(days, score)
        const sum = steps.reduce((total, step) => total + step.starsEarned + step.bonusStars, 0)
        expect(progress.totalStars).toBe(sum)
      }),
    )
  })

  test('each day with five lessons or more brings its bonus once', () => {
    fc.assert(
      fc.property(anyDays, (days) => {
        const challengeDays = [...new Set(days)].filter(
          (day) => days.filter((other) => other === day).length >= 5,
        )
        const bonuses = takeAll(days).steps.filter(({ bonusStars }) => bonusStars > 0)
        expect(bonuses).toHaveLength(challengeDays.length)
        expect(bonuses.every(({ bonusStars }) => bonusStars === CHALLENGE_STARS)).toBe(true)
      }),
    )
  })

  test('after lessons in order the streak is the last run of days, and the longest streak the longest run', () => {
    fc.assert(
      fc.property(anyDays, (anyOrder) => {
        const days = anyOrder.toSorted()
        const progress = on(...days)
        const runs = lengthsOfRuns(days)
        expect(currentStreak(progress, days.at(-1) ?? DAY)).toBe(runs.at(-1) ?? 0)
        expect(progress.maxStreak).toBe(Math.max(0, ...runs))
      }),
    )
  })

  test('the order of the scores of a day does not change the progress after it', () => {
    fc.assert(
      fc.property(anyDays, fc.array(fc.integer({ min: 0, max: 100 })), (before, scores) => {
        const take = (order: readonly number[]) =>
          order.reduce(
            (progress, score, n) =>
              advance(progress, '2026-04-20', n + 1, { score, wordsSaid: 6, isRepeated: false })
                .progress,
            on(...before.toSorted()),
          )
        expect(take(scores)).toEqual(take(scores.toReversed()))
      }),
    )
  })

  test('a lesson that comes a day late counts as if it had come in time', () => {
    fc.assert(
      fc.property(anyDays, fc.nat(), (anyOrder, pick) => {
        const days = [...new Set(anyOrder)].toSorted()
        fc.pre(days.length >= 2)
        // The days in order, except one whose lesson comes after that of the next day.
        const lateDay = days[pick % (days.length - 1)] ?? ''
        const nextDay = days[days.indexOf(lateDay) + 1] ?? ''
        fc.pre(nextDay === addDays(lateDay, 1))
        const swappedDays = days.map((day) =>
          day === lateDay ? nextDay : day === nextDay ? lateDay : day,
        )
        expect(on(...swappedDays).run).toEqual(on(...days).run)
        expect(on(...swappedDays).maxStreak).toBe(on(...days).maxStreak)
      }),
    )
  })
})

function lengthsOfRuns(sortedDays: readonly string[]): number[] {
  const runs: number[] = []
  let previousDay = ''
  for (const day of new Set(sortedDays)) {
    if (previousDay !== '' && day === addDays(previousDay, 1)) runs.push((runs.pop() ?? 0) + 1)
    else runs.push(1)
    previousDay = day
  }
  return runs
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '../../../lib/domain/day.ts'
import {
  advance,
  type DayRun,
  type LessonResult,
  type Progress,
  runLength,
} from '../../../lib/domain/learner/progress.ts'
import { starsAfterRetake, withoutDay } from '../../../lib/domain/learner/withdrawal.ts'

const FIRST_DAY = '2026-03-20'
const NO_PROGRESS: Progress = { totalStars: 0, run: null, previousRun: null, maxStreak: 0 }

/** A day goes by, a lesson of today or one that was held back over midnight, or a lesson is taken back. */
type Act =
  | { kind: 'day' }
  | { kind: 'lesson'; isLate: boolean }
  | { kind: 'withdrawal'; pick: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'day' } as const) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('lesson' as const), isLate: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('withdrawal' as const), pick: fc.nat() }) },
)

/** The runs of the days that have a lesson, counted day by day. */
function runsOver(days: ReadonlySet<Day>, last: Day): DayRun[] {
  const runs: DayRun[] = []
  let from: Day | undefined
  for (let day = FIRST_DAY; day <= addDays(last, 1); day = addDays(day, 1)) {
    if (days.has(day)) from ??= day
    else if (from !== undefined) {
      runs.push({ from, to: addDays(day, -1) })
      from = undefined
    }
  }
  return runs
}

function play(acts: readonly Act[], check: (progress: Progress, runs: DayRun[]) => void): void {
  let progress = NO_PROGRESS
  let lessons: Day[] = []
  let today = addDays(FIRST_DAY, 1)
  for (const each of acts) {
    if (each.kind === 'day') today = addDays(today, 1)
    else if (each.kind === 'lesson') {
      const day = each.isLate ? addDays(today, -1) : today
      lessons = [...lessons, day]
      const count = lessons.filter((other) => other === day).length
      const result = { score: 50, wordsSaid: 6, isRepeated: false }
      progress = advance(progress, day, count, result).progress
    } else if (lessons.length > 0) {
      const index = each.pick % lessons.length
      const day = lessons[index] ?? today
      lessons = lessons.filter((_, other) => other !== index)
      if (!lessons.includes(day))
        progress = withoutDay(progress, day, [...new Set(lessons)].toSorted())
    }
    check(progress, runsOver(new Set(lessons), today))
  }
}

const acts = fc.array(act, { maxLength: 60 })

describe('Days without a lesson that was taken back', () => {
  test('the streak is the one of the lessons that are left, under any order of lessons and withdrawals', () => {
    fc.assert(
      fc.property(acts, (each) =>
        play(each, (progress, runs) => expect(progress.run).toEqual(runs.at(-1) ?? null)),
      ),
    )
  })

  test('the longest streak is the longest that the lessons which are left make', () => {
    fc.assert(
      fc.property(acts, (each) =>
        play(each, ({ maxStreak }, runs) =>
          expect(maxStreak).toBe(Math.max(0, ...runs.map(runLength))),
        ),
      ),
    )
  })

  test('the run before the newest is one that the lessons which are left make, or is forgotten', () => {
    fc.assert(
      fc.property(acts, (each) =>
        play(each, ({ previousRun }, runs) =>
          expect([runs.at(-2) ?? null, null]).toContainEqual(previousRun),
        ),
      ),
    )
  })

  test('stars are left alone: the entries of the lesson say how many go', () => {
    fc.assert(
      fc.property(fc.nat(), (totalStars) => {
        const run = { from: FIRST_DAY, to: FIRST_DAY }
        const before = { totalStars, run, previousRun: null, maxStreak: 1 }
        expect(withoutDay(before, FIRST_DAY, [])).toEqual({ ...NO_PROGRESS, totalStars })
      }),
    )
  })
})

const result: fc.Arbitrary<LessonResult> = fc.record({
  score: fc.nat(100),
  wordsSaid: fc.nat(20),
  isRepeated: fc.boolean(),
})

describe('Stars of a lesson in which something else was said', () => {
  test('they are those that the lesson would have earned had it been said at once, on any day of a streak', () => {
    const streak = fc.integer({ min: 0, max: 40 })
    fc.assert(
      fc.property(streak, result, result, (daysBefore, misheard, said) => {
        const run = { from: addDays(FIRST_DAY, -daysBefore), to: addDays(FIRST_DAY, -1) }
        const before = {
          ...NO_PROGRESS,
          run: daysBefore === 0 ? null : run,
          maxStreak: daysBefore,
        }
        const first = advance(before, FIRST_DAY, 1, misheard).starsEarned
        const atOnce = advance(before, FIRST_DAY, 1, said).starsEarned
        expect(starsAfterRetake(first, said)).toBe(atOnce)
      }),
    )
  })

  test('a lesson that earned nothing earns nothing by being said again', () => {
    fc.assert(fc.property(result, (said) => starsAfterRetake(0, said) === 0))
  })
})

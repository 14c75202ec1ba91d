import { addDays, type Day } from '../day.ts'

/** Stars for any lesson. */
export const STARS_PER_LESSON = 1
/** One more star from this score on ... */
export const GOOD_SCORE = 80
/** ... and from so many words on: a right "ano" is no speech. */
export const MIN_WORDS_SAID = 4
/** More stars from these streaks on, the best one only: days -> stars. */
export const STREAK_BONUSES = [
  { days: 30, stars: 5 },
  { days: 7, stars: 2 },
] as const
/** The daily challenge: this lesson of the learner's day ... */
export const CHALLENGE_LESSONS = 5
/** ... brings this many stars, once a day. */
export const CHALLENGE_STARS = 5

/** A run of consecutive days with at least one lesson each. */
export type DayRun = { from: Day; to: Day }

/** What a learner has earned. */
export type Progress = {
  totalStars: number
  /** The newest run of days; null before the first lesson. */
  run: DayRun | null
  /** The run before it: a late lesson may fill the one day between them. */
  previousRun: DayRun | null
  maxStreak: number
}

/** What of a lesson decides about its stars. */
export type LessonResult = {
  /** 0 to 100. */
  score: number
  /** How many words the learner said or wrote. */
  wordsSaid: number
  /** The learner has said the very same lately. */
  isRepeated: boolean
}

/** What one lesson changes. */
export type Advance = {
  progress: Progress
  /** Without the challenge's bonus. */
  starsEarned: number
  bonusStars: number
}

/**
 * Counts one lesson of a day in: stars, streak, daily challenge.
 *
 * The day may lie before the newest one (a lesson that an outage held back over midnight): it
 * counts in its own day, joins the runs it touches, and never shortens one.
 * `lessonsOnDay` is how many lessons that day has, this one counted.
 */
export function advance(
  progress: Progress,
  day: Day,
  lessonsOnDay: number,
  result: LessonResult,
): Advance {
  const runs = withDay(progress, day)
  const streak = runLength(runs.run)
  const starsEarned = STARS_PER_LESSON + (isGood(result) ? 1 : 0) + streakBonus(streak)
  const bonusStars = lessonsOnDay === CHALLENGE_LESSONS ? CHALLENGE_STARS : 0
  return {
    progress: {
      ...runs,
      totalStars: progress.totalStars + starsEarned + bonusStars,
      maxStreak: Math.max(progress.maxStreak, streak),
    },
    starsEarned,
    bonusStars,
  }
}

/** Tells whether a lesson earns the second star: for speaking, and not for saying the same again. */
export function isGood({ score, wordsSaid, isRepeated }: LessonResult): boolean {
  return score >= GOOD_SCORE && wordsSaid >= MIN_WORDS_SAID && !isRepeated
}

/** What a lesson's stars were for. */
export type StarReasons = { lesson: number; goodScore: number; streak: number }

/** Takes the stars of a lesson apart again, as `advance` has put them together: each sum comes about in one way only. */
export function starReasons(starsEarned: number): StarReasons {
  const bonus = STREAK_BONUSES.find(({ stars }) => starsEarned > stars)?.stars ?? 0
  const lesson = Math.min(STARS_PER_LESSON, starsEarned)
  return { lesson, goodScore: starsEarned - lesson - bonus, streak: bonus }
}

/** The streak to show today: a run that ended before yesterday has lapsed and shows 0. */
export function currentStreak(progress: Progress, today: Day): number {
  return progress.run !== null && progress.run.to >= addDays(today, -1)
    ? runLength(progress.run)
    : 0
}

/** How the learner's daily challenge stands after a lesson of the day. */
export function dailyChallenge(lessonsOnDay: number): { completed: boolean; needed: number } {
  return {
    completed: lessonsOnDay >= CHALLENGE_LESSONS,
    needed: Math.max(0, CHALLENGE_LESSONS - lessonsOnDay),
  }
}

function withDay({ run, previousRun }: Progress, day: Day): Pick<Progress, 'run' | 'previousRun'> {
  if (run === null) return { run: { from: day, to: day }, previousRun }
  if (day > addDays(run.to, 1)) return { run: { from: day, to: day }, previousRun: run }
  if (day > run.to) return { run: { ...run, to: day }, previousRun }
  if (day !== addDays(run.from, -1)) return { run, previousRun }
  const joins = previousRun !== null && addDays(previousRun.to, 1) === day
  return joins
    ? { run: { from: previousRun.from, to: run.to }, previousRun: null }
    : { run: { ...run, from: day }, previousRun }
}

/** The days of a run; 0 where there is none. */
export function runLength(run: DayRun | null): number {
  return run === null ? 0 : Math.round((Date.parse(run.to) - Date.parse(run.from)) / 86_400_000) + 1
}

function streakBonus(streak: number): number {
  return STREAK_BONUSES.find(({ days }) => streak >= days)?.stars ?? 0
}

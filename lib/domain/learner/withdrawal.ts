import { addDays, type Day } from '../day.ts'
import {
  type DayRun,
  isGood,
  type LessonResult,
  type Progress,
  runLength,
  starReasons,
} from './progress.ts'

/**
 * The stars of a lesson once something else was said in it: only those for its score change. A lesson that earned
 * nothing earns nothing.
 */
export function starsAfterRetake(starsEarned: number, result: LessonResult): number {
  if (starsEarned === 0) return 0
  return starsEarned - starReasons(starsEarned).goodScore + (isGood(result) ? 1 : 0)
}

/**
 * The learner's days once one has no lesson any more; `otherDays` are those that have one, in order. The stars are the
 * same: what they were given for says how many go.
 */
export function withoutDay(progress: Progress, day: Day, otherDays: readonly Day[]): Progress {
  const storedRuns = [progress.previousRun, progress.run].filter((run) => run !== null)
  const oldRuns = runsOf([...otherDays, day].sort())
  const runsLeft = runsOf(otherDays)
  const pieces = storedRuns.flatMap((run) => cut(run, day))
  const isStored = storedRuns.some((run) => contains(run, day))
  const [firstPiece] = pieces
  const olderRuns = runsLeft.filter(({ to }) => firstPiece === undefined || to < firstPiece.from)
  const runs = isStored ? [...olderRuns, ...pieces] : storedRuns
  const [run = null, previousRun = null] = runs.toReversed()
  const isLongest = [...storedRuns, ...oldRuns].some(
    (oldRun) => contains(oldRun, day) && runLength(oldRun) >= progress.maxStreak,
  )
  const longestLeft = Math.max(0, ...[...runs, ...runsLeft].map(runLength))
  return {
    ...progress,
    run,
    previousRun,
    maxStreak: isLongest ? Math.min(progress.maxStreak, longestLeft) : progress.maxStreak,
  }
}

function contains({ from, to }: DayRun, day: Day): boolean {
  return from <= day && day <= to
}

/** What is left of a run without one of its days. */
function cut(run: DayRun, day: Day): DayRun[] {
  if (!contains(run, day)) return [run]
  const pieces = [
    { from: run.from, to: addDays(day, -1) },
    { from: addDays(day, 1), to: run.to },
  ]
  return pieces.filter(({ from, to }) => from <= to)
}

/** The runs that days make, which are in order. */
function runsOf(days: readonly Day[]): DayRun[] {
  const runs: DayRun[] = []
  for (const day of days) {
    const lastRun = runs.at(-1)
    if (lastRun !== undefined && day <= addDays(lastRun.to, 1))
      runs[runs.length - 1] = { ...lastRun, to: day }
    else runs.push({ from: day, to: day })
  }
  return runs
}

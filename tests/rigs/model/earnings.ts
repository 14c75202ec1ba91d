import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { LessonRow } from '../../../db/tables/lessons.ts'
import { dayBefore, streakOf } from './days.ts'
import type { Evidence } from './evidence.ts'

/** Recomputes stars and streaks from all lessons, and from the words that replaced theirs, by the whole of the rules. */
export function wrongEarnings(evidence: Evidence, learner: LearnerRow): string[] {
  const lessons = evidence.lessons.filter(({ learner_id }) => learner_id === learner.id)
  const earned = earningsOf(evidence, lessons)
  const problems = lessons.flatMap(({ job_id, id, stars_earned, bonus_stars }) => {
    const { stars = 0, bonus = 0 } = earned.get(id) ?? {}
    return stars_earned === stars && bonus_stars === bonus
      ? []
      : [`job ${job_id}: ${stars_earned} + ${bonus_stars} stars, not ${stars} + ${bonus}`]
  })
  const forAttempts = evidence.attemptStars.filter(({ learner_id }) => learner_id === learner.id)
  const stars = [...earned.values()].reduce(
    (sum, { stars, bonus }) => sum + stars + bonus,
    forAttempts.length,
  )
  const days = lessons.map(({ day }) => day)
  const longestStreak = Math.max(0, ...days.map((_, at) => streakOf(days.slice(0, at + 1))))
  const newestDay = days.toSorted().at(-1) ?? null
  const firstDay = newestDay === null ? null : dayBefore(newestDay, streakOf(days) - 1)
  const { total_stars, max_streak, run_from, run_to } = learner
  if (
    total_stars !== stars ||
    max_streak !== longestStreak ||
    run_to !== newestDay ||
    run_from !== firstDay
  ) {
    problems.push(
      `learner ${learner.id}: ${total_stars} stars, ${max_streak} days at most, ${run_from} to ${run_to}, not ${stars}, ${longestStreak}, ${firstDay} to ${newestDay}, after ${days.join(' ')}`,
    )
  }
  return problems
}

type Earning = { stars: number; bonus: number; forDays: number }

/** One thing that changed a lesson: the message that it began with, or the one that replaced what was said. */
type Change = { lesson: LessonRow; jobId: number; said: string }

/** What each lesson has earned, by its id. */
function earningsOf(evidence: Evidence, lessons: readonly LessonRow[]): Map<number, Earning> {
  const earned = new Map<number, Earning>()
  const texts = new Map<number, string>()
  const days: string[] = []
  for (const { lesson, said } of changesOf(evidence, lessons)) {
    const words = said.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
    const before = [...texts].flatMap(([id, text]) => (id < lesson.id ? [text] : []))
    const isRepeated = before.slice(-20).includes(words.join(' '))
    texts.set(lesson.id, words.join(' '))
    // What a lesson was worth whose words were replaced since, no row tells: it is not asked for.
    const isGood = lesson.score >= 80 && words.length >= 4 && !isRepeated
    const earlier = earned.get(lesson.id)
    if (earlier === undefined) days.push(lesson.day)
    const streak = streakOf(days)
    const forStreak = streak >= 30 ? 5 : streak >= 7 ? 2 : 0
    const isFifth = days.filter((day) => day === lesson.day).length === 5
    const forDays = earlier?.forDays ?? 1 + forStreak
    const bonus = earlier?.bonus ?? (isFifth ? 5 : 0)
    earned.set(lesson.id, { stars: forDays + (isGood ? 1 : 0), bonus, forDays })
  }
  return earned
}

/** In the order in which a chat's messages were worked on: that of their jobs. Lessons of the API are not replaced. */
function changesOf({ originOf }: Evidence, lessons: readonly LessonRow[]): Change[] {
  const records = lessons.map((lesson) => ({
    lesson,
    jobId: lesson.job_id,
    said: originOf(lesson)?.said ?? lesson.said,
  }))
  const replacements = lessons.flatMap((lesson) =>
    lesson.retake_job_id === null
      ? []
      : [{ lesson, jobId: lesson.retake_job_id, said: lesson.said }],
  )
  return replacements.reduce<Change[]>((changes, replacement) => {
    const at = changes.findIndex(({ jobId }) => jobId > replacement.jobId)
    return changes.toSpliced(at === -1 ? changes.length : at, 0, replacement)
  }, records)
}

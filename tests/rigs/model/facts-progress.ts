import type { LearnerRow, LessonRow } from '../../../db/tables.ts'
import { answersTo, type Evidence } from './evidence.ts'
import type { Fact } from './fact.ts'
import { named } from './facts-jobs.ts'
import type { Delivered } from './run.ts'
import { says, type Word } from './words.ts'

/** What must be true of days, plans, stars and streaks. */
export const PROGRESS_FACTS: readonly Fact[] = [
  {
    fact: 'a lesson belongs to the day of its message, by the clocks of Prague',
    violations: (evidence) => evidence.lessons.flatMap((lesson) => wrongDay(evidence, lesson)),
  },
  {
    fact: 'no day has more lessons than the plan',
    violations: ({ run, lessons }) =>
      [...Map.groupBy(lessons, ({ learner_id, day, kind }) => `${learner_id} ${day} ${kind}`)]
        .filter(([, [first, ...more]]) => first && more.length + 1 > run.settings.plan[first.kind])
        .map(([what, those]) => `${those.length} of ${what}`),
  },
  {
    fact: 'nobody is refused a lesson that their plan still has',
    violations: (evidence) =>
      evidence.run.delivered.flatMap((each) => wronglyRefused(evidence, each)),
  },
  {
    fact: 'stars and streaks follow from the days of the lessons alone',
    violations: (evidence) => evidence.learners.flatMap((each) => wrongProgress(evidence, each)),
  },
]

const prague = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Prague' })

/** Not the product's own: another way to the same day. */
function pragueDay(instant: number): string {
  return prague.format(new Date(instant))
}

function dayOf({ updates }: Delivered): string {
  return pragueDay((updates[0]?.message?.date ?? 0) * 1000)
}

function wrongDay(evidence: Evidence, { job_id, day }: LessonRow): string[] {
  const job = evidence.jobs.find(({ id }) => id === job_id)
  const delivered = evidence.run.delivered.find((each) =>
    evidence.jobsOf(each).some(({ id }) => id === job_id),
  )
  // A request of the API has the day of its receipt, or of the one that opened its job again.
  const right = delivered ? [dayOf(delivered)] : (job?.receivedAt ?? []).map((at) => pragueDay(+at))
  return right.includes(day) ? [] : [`job ${job_id}: ${day}, not ${right.join(' or ')}`]
}

function wronglyRefused(evidence: Evidence, delivered: Delivered): string[] {
  const [job] = evidence.jobsOf(delivered)
  const { chat, lessonKind, kind, said } = delivered
  const learner = evidence.learnerOf(chat)
  if (kind !== 'lesson' || !chat.isKnown || job?.state !== 'done' || evidence.lessonOf(job))
    return []
  if (learner === undefined || lessonKind === undefined) return []

  const answers = answersTo(evidence, delivered)
  const isTold = (word: Word) => answers.some((answer) => says(answer, word))
  const limit = evidence.run.settings.plan[lessonKind]
  const earlier = evidence.run.delivered.filter(
    (other) =>
      other.chat === chat &&
      dayOf(other) === dayOf(delivered) &&
      (evidence.jobsOf(other)[0]?.id ?? job.id) < job.id,
  )
  const taught = earlier.filter((other) => {
    const [otherJob] = evidence.jobsOf(other)
    return other.lessonKind === lessonKind && otherJob && evidence.lessonOf(otherJob)
  }).length
  if (isTold('quota-used-up')) {
    return taught >= limit ? [] : [`${named(job)}: refused after ${taught} of ${limit}`]
  }
  if (isTold('unheard-used-up')) {
    return earlier.length - taught >= limit * 3
      ? []
      : [`${named(job)}: refused as unheard too soon`]
  }
  const wasDeclined = evidence.requests.some(
    ({ stage, fault, fields }) =>
      stage === 'reply' &&
      (fault === 'refusal' || fault === 'content-filter') &&
      JSON.stringify(fields).includes(said ?? ''),
  )
  return isTold('refused') && wasDeclined
    ? []
    : [`${named(job)}: told ${JSON.stringify(answers.map(({ text }) => text))}`]
}

/** The whole of the rules, from all days that there are by then. */
function wrongProgress({ lessons }: Evidence, learner: LearnerRow): string[] {
  const days: string[] = []
  let stars = 0
  let longest = 0
  const wrong: string[] = []
  for (const lesson of lessons.filter(({ learner_id }) => learner_id === learner.id)) {
    days.push(lesson.day)
    const streak = streakOf(days)
    longest = Math.max(longest, streak)
    const forStreak = streak >= 30 ? 5 : streak >= 7 ? 2 : 0
    const earned = 1 + (lesson.score >= 80 ? 1 : 0) + forStreak
    const bonus = days.filter((day) => day === lesson.day).length === 5 ? 5 : 0
    stars += earned + bonus
    if (lesson.stars_earned !== earned || lesson.bonus_stars !== bonus) {
      wrong.push(
        `job ${lesson.job_id}: ${lesson.stars_earned} + ${lesson.bonus_stars} stars, not ${earned} + ${bonus}`,
      )
    }
  }
  const { total_stars, max_streak, run_from, run_to } = learner
  const newest = days.toSorted().at(-1) ?? null
  const first = newest === null ? null : dayBefore(newest, streakOf(days) - 1)
  if (total_stars !== stars || max_streak !== longest || run_to !== newest || run_from !== first) {
    wrong.push(
      `learner ${learner.id}: ${total_stars} stars, ${max_streak} days at most, ${run_from} to ${run_to}, not ${stars}, ${longest}, ${first} to ${newest}, after ${days.join(' ')}`,
    )
  }
  return wrong
}

/** Days in a row up to the newest. */
function streakOf(days: readonly string[]): number {
  const known = new Set(days)
  let day = days.toSorted().at(-1) ?? ''
  let length = 0
  while (known.has(day)) {
    length += 1
    day = dayBefore(day, 1)
  }
  return length
}

function dayBefore(day: string, count: number): string {
  const date = new Date(`${day}T12:00:00Z`)
  date.setUTCDate(date.getUTCDate() - count)
  return date.toISOString().slice(0, 10)
}

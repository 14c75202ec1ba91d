import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { LessonRow } from '../../../db/tables/lessons.ts'
import type { JobHistory } from '../job-history.ts'
import { dayBefore, streakOf } from './days.ts'
import { wrongEarnings } from './earnings.ts'
import { answersTo, type Evidence } from './evidence.ts'
import type { Fact } from './fact.ts'
import { nameOf } from './facts-jobs.ts'
import type { Delivery } from './run.ts'
import { says, type Word } from './words.ts'

/** What must be true of days, plans, stars and streaks. */
export const PROGRESS_FACTS: readonly Fact[] = [
  {
    fact: 'a lesson belongs to the day of its message, by the clocks of Prague',
    violations: (evidence) => evidence.lessons.flatMap((lesson) => wrongDay(evidence, lesson)),
  },
  {
    fact: 'no day has more lessons than the plan',
    violations: (evidence) => {
      const { lessons, run } = evidence
      const kindOf = (lesson: LessonRow) => placeKindOf(evidence, lesson)
      return [
        ...Map.groupBy(
          lessons.filter(isStanding),
          (lesson) => `${lesson.learner_id} ${lesson.day} ${kindOf(lesson)}`,
        ),
      ]
        .filter(
          ([, [first, ...later]]) => first && later.length + 1 > run.settings.plan[kindOf(first)],
        )
        .map(([group, lessonsOfGroup]) => `${lessonsOfGroup.length} of ${group}`)
    },
  },
  {
    fact: "no lesson is refused that the learner's plan still has",
    violations: (evidence) =>
      evidence.run.deliveries.flatMap((delivery) => wronglyRefused(evidence, delivery)),
  },
  {
    fact: 'stars and streaks follow from the days of the lessons alone',
    violations: (evidence) =>
      evidence.learners.flatMap((learner) => wrongProgress(evidence, learner)),
  },
  {
    fact: 'an attempt earns one star at most, for a lesson in which there was something to put right',
    violations: ({ attemptStars, lessons }) =>
      attemptStars.flatMap(({ key, stars }) => {
        const lesson = lessons.find(({ job_id }) => String(job_id) === key)
        const isReplaced = lesson !== undefined && lesson.retake_job_id !== null
        const hadMistake = lesson !== undefined && lesson.said !== lesson.corrected_text
        return stars === 1 && (isReplaced || hadMistake)
          ? []
          : [`${stars} for the attempt at the lesson of job ${key}`]
      }),
  },
]

/** The kind whose place a lesson has taken: other words for it may be of the other kind. */
function placeKindOf({ originOf }: Evidence, lesson: LessonRow): LessonRow['kind'] {
  return originOf(lesson)?.lessonKind ?? lesson.kind
}

const prague = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Prague' })

/** The day in Prague, computed by other means than the product's. */
function pragueDay(instant: number): string {
  return prague.format(new Date(instant))
}

function dayOf({ updates }: Delivery): string {
  return pragueDay((updates[0]?.message?.date ?? 0) * 1000)
}

function wrongDay(evidence: Evidence, { job_id, day }: LessonRow): string[] {
  const job = evidence.jobs.find(({ id }) => id === job_id)
  const delivery = evidence.run.deliveries.find((candidate) =>
    evidence.jobsOf(candidate).some(({ id }) => id === job_id),
  )
  // A request of the API has the day of its receipt, or of the one that opened its job again.
  const possibleDays = delivery
    ? [dayOf(delivery)]
    : (job?.receivedAt ?? []).map((at) => pragueDay(+at))
  return possibleDays.includes(day)
    ? []
    : [`job ${job_id}: ${day}, not ${possibleDays.join(' or ')}`]
}

function wronglyRefused(evidence: Evidence, delivery: Delivery): string[] {
  const [job] = evidence.jobsOf(delivery)
  const { chat, lessonKind, kind, said: text } = delivery
  const learner = evidence.learnerOf(chat)
  if (kind !== 'lesson' || !chat.isKnown || job?.state !== 'done') return []
  const isTaught = evidence.lessonOf(job) !== undefined || evidence.retakenBy(job) !== undefined
  if (isTaught || evidence.isErased(delivery)) return []
  // An attempt is answered by the verdict of the lesson that it is about.
  if (job.steps.has('verdict')) return []
  if (learner === undefined || lessonKind === undefined) return []

  const answers = answersTo(evidence, delivery)
  const isTold = (word: Word) => answers.some((answer) => says(answer, word))
  const { plan } = evidence.run.settings
  const limit = plan[lessonKind]
  // Other words, which take no place of their kind, count as unheard voice notes do.
  const unheardCap = 3 * (delivery.questionId === undefined ? limit : Math.min(limit, plan.voice))
  const { lessonCount, unheardCount } = takenBefore(evidence, delivery, job, lessonKind)
  if (isTold('quota-used-up')) {
    return lessonCount >= limit ? [] : [`${nameOf(job)}: refused after ${lessonCount} of ${limit}`]
  }
  if (isTold('unheard-used-up')) {
    return unheardCount >= unheardCap ? [] : [`${nameOf(job)}: refused as unheard too soon`]
  }
  const { wasDeclined, unusableCount } = faultsOfReplyTo(evidence, text ?? '')
  if (isTold('refused') && wasDeclined) return []
  return isTold('unanswerable') && unusableCount >= 2
    ? []
    : [`${nameOf(job)}: told ${JSON.stringify(answers.map(({ text }) => text))}`]
}

/** What of the delivery's day had been taken up when its job came: lessons of the kind, and what counts as unheard. */
function takenBefore(
  evidence: Evidence,
  delivery: Delivery,
  job: JobHistory,
  lessonKind: LessonRow['kind'],
): { lessonCount: number; unheardCount: number } {
  const earlierDeliveries = evidence.run.deliveries.filter(
    (earlierDelivery) =>
      earlierDelivery.chat === delivery.chat &&
      !evidence.isErased(earlierDelivery) &&
      dayOf(earlierDelivery) === dayOf(delivery) &&
      (evidence.jobsOf(earlierDelivery)[0]?.id ?? job.id) < job.id,
  )
  const earlierLessons = earlierDeliveries.flatMap((earlierDelivery) => {
    const [otherJob] = evidence.jobsOf(earlierDelivery)
    const lesson = otherJob && evidence.lessonOf(otherJob)
    return lesson && placeKindOf(evidence, lesson) === lessonKind ? [lesson] : []
  })
  return {
    lessonCount: earlierLessons.length,
    // A lesson that is withdrawn gives its place back, and counts as unheard from then on.
    unheardCount: earlierDeliveries.length - earlierLessons.filter(isStanding).length,
  }
}

/** How the model that tutors failed to answer a text. */
function faultsOfReplyTo(
  { requests }: Evidence,
  text: string,
): { wasDeclined: boolean; unusableCount: number } {
  const faults = requests
    .filter(({ stage, fields }) => stage === 'reply' && JSON.stringify(fields).includes(text))
    .map(({ fault }) => fault)
  return {
    wasDeclined: faults.some((fault) => fault === 'refusal' || fault === 'content-filter'),
    unusableCount: faults.filter((fault) => fault && UNUSABLE.has(fault)).length,
  }
}

/** Answers that no lesson can be made of: asked for once more, and then refused. */
const UNUSABLE: ReadonlySet<string> = new Set(['invalid-json', 'schema-violated', 'truncated'])

function isStanding({ withdrawn_at }: LessonRow): boolean {
  return withdrawn_at === null
}

function wrongProgress(evidence: Evidence, learner: LearnerRow): string[] {
  const ownLessons = evidence.lessons.filter(({ learner_id }) => learner_id === learner.id)
  return ownLessons.every(isStanding)
    ? wrongEarnings(evidence, learner)
    : wrongDays(learner, ownLessons.filter(isStanding))
}

/**
 * Once a lesson is withdrawn, what the others earned while it stood depends on when it was: the invariants hold what they
 * add up to. The days in a row follow from the lessons that stand.
 */
function wrongDays(learner: LearnerRow, standingLessons: LessonRow[]): string[] {
  const days = standingLessons.map(({ day }) => day)
  const newestDay = days.toSorted().at(-1) ?? null
  const firstDay = newestDay === null ? null : dayBefore(newestDay, streakOf(days) - 1)
  const { run_from, run_to } = learner
  return run_to === newestDay && run_from === firstDay
    ? []
    : [
        `learner ${learner.id}: ${run_from} to ${run_to}, not ${firstDay} to ${newestDay}, after ${days.join(' ')}`,
      ]
}

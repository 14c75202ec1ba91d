import { secretsIn } from '../invariants.ts'
import type { Evidence } from './evidence.ts'
import type { Fact } from './fact.ts'
import type { Asked } from './run.ts'

/** What must be true of the lesson API's answers, and of what is logged. */
export const API_FACTS: readonly Fact[] = [
  {
    fact: 'a request of the API is one job and, however often it is asked, one answer',
    violations: (evidence) => evidence.run.asked.flatMap((asked) => wrongAnswer(evidence, asked)),
  },
  {
    fact: 'nothing secret is logged',
    violations: ({ run, logged }) =>
      secretsIn(logged.map(({ line }) => line).join('\n'), run.world.secrets),
  },
  {
    fact: 'nothing goes wrong that nobody foresaw',
    violations: ({ logged }) =>
      logged
        .filter(
          ({ event, error }) => UNFORESEEN.test(event) && error?.code !== 'database-unavailable',
        )
        .map(({ line }) => line.slice(0, 600)),
  },
]

const UNFORESEEN = /^(unhandled_exception|drain_failed|sweep_failed)$/

/** Whether its client is still to ask: until there is an answer, but not for longer than there could be one. */
export function isOpen({ answers, canBeAskedAgain }: Asked): boolean {
  return !answers.some(isFinal) && canBeAskedAgain()
}

/** An answer that will not change: the lesson, or a refusal. */
function isFinal({ status }: Asked['answers'][number]): boolean {
  return status === 200 || status === 422 || status === 429
}

/** What asking again is for. */
const PASSING = [409, 502, 503, 504]

function wrongAnswer(evidence: Evidence, asked: Asked): string[] {
  const jobs = evidence.jobsOfRequest(asked)
  const last = asked.answers.findLast(isFinal)
  const statuses = asked.answers.map(({ status, body }) => `${status} ${body.code ?? ''}`.trim())
  const [job] = jobs
  if (job === undefined && !asked.canBeAskedAgain()) return []
  if (job === undefined || jobs.length > 1) return [`${asked.key}: ${jobs.length} jobs`]
  const lesson = evidence.lessonOf(job)
  const lessons = new Set(asked.answers.flatMap(({ body }) => body.lesson_id ?? []))
  const { plan } = evidence.run.settings
  const sameDay = evidence.lessons.filter(
    ({ learner_id, kind }) => job.lane === `learner:${learner_id}` && kind === asked.lessonKind,
  )
  return [
    last || !asked.canBeAskedAgain() ? [] : [`no answer: ${statuses.join(', ')}`],
    asked.answers.every((each) => isFinal(each) || PASSING.includes(each.status))
      ? []
      : [`strange answers: ${statuses.join(', ')}`],
    lessons.size <= 1 ? [] : [`answered with the lessons ${[...lessons].join(', ')}`],
    last?.status !== 200 || last.body.lesson_id === lesson?.id
      ? []
      : ['another lesson than recorded'],
    lesson === undefined || !last || last.status === 200
      ? []
      : [`a lesson, but ${statuses.join(', ')}`],
    last?.status !== 429 || sameDay.length >= plan[asked.lessonKind]
      ? []
      : ['refused within the plan'],
  ]
    .flat()
    .map((wrong) => `${asked.key}: ${wrong}`)
}

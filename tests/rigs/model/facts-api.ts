import { secretsIn } from '../invariants.ts'
import type { Evidence } from './evidence.ts'
import type { Fact } from './fact.ts'
import type { ApiRequest } from './run.ts'

/** What must be true of the lesson API's answers, and of what is logged. */
export const API_FACTS: readonly Fact[] = [
  {
    fact: 'a request of the API is one job and, however often it is asked, one answer',
    violations: (evidence) =>
      evidence.run.apiRequests.flatMap((apiRequest) => wrongAnswer(evidence, apiRequest)),
  },
  {
    fact: 'nothing secret is logged',
    violations: ({ run, logEntries }) =>
      secretsIn(logEntries.map(({ line }) => line).join('\n'), run.world.secrets),
  },
  {
    fact: 'no unforeseen error is logged',
    violations: ({ logEntries }) =>
      logEntries
        .filter(
          ({ event, error }) => UNFORESEEN.test(event) && error?.code !== 'database-unavailable',
        )
        .map(({ line }) => line.slice(0, 600)),
  },
]

const UNFORESEEN = /^(unhandled_exception|drain_failed|sweep_failed)$/

/** Whether the client still has to ask: it has no final answer, and its key has not expired. */
export function isOpen({ answers, canBeAskedAgain }: ApiRequest): boolean {
  return !answers.some(isFinal) && canBeAskedAgain()
}

/** An answer that will not change: the lesson, a refusal, or that no answer to these words could be used. */
function isFinal({ status, body }: ApiRequest['answers'][number]): boolean {
  const isUnanswerable = status === 502 && String(body.detail).includes('Say it another way')
  return status === 200 || status === 422 || status === 429 || isUnanswerable
}

/** Statuses after which a client asks again. */
const PASSING = [409, 502, 503, 504]

function wrongAnswer(evidence: Evidence, apiRequest: ApiRequest): string[] {
  const jobs = evidence.jobsOfRequest(apiRequest)
  const last = apiRequest.answers.findLast(isFinal)
  const statuses = apiRequest.answers.map(({ status, body }) =>
    `${status} ${body.code ?? ''}`.trim(),
  )
  const [job] = jobs
  if (job === undefined && !apiRequest.canBeAskedAgain()) return []
  if (job === undefined || jobs.length > 1) return [`${apiRequest.key}: ${jobs.length} jobs`]
  const lesson = evidence.lessonOf(job)
  const lessons = new Set(apiRequest.answers.flatMap(({ body }) => body.lesson_id ?? []))
  const { plan } = evidence.run.settings
  const sameDay = evidence.lessons.filter(
    ({ learner_id, kind }) =>
      job.lane === `learner:${learner_id}` && kind === apiRequest.lessonKind,
  )
  return [
    last || !apiRequest.canBeAskedAgain() ? [] : [`no answer: ${statuses.join(', ')}`],
    apiRequest.answers.every((answer) => isFinal(answer) || PASSING.includes(answer.status))
      ? []
      : [`strange answers: ${statuses.join(', ')}`],
    lessons.size <= 1 ? [] : [`answered with the lessons ${[...lessons].join(', ')}`],
    last?.status !== 200 || last.body.lesson_id === lesson?.id
      ? []
      : ['another lesson than recorded'],
    lesson === undefined || !last || last.status === 200
      ? []
      : [`a lesson, but ${statuses.join(', ')}`],
    last?.status !== 429 || sameDay.length >= plan[apiRequest.lessonKind]
      ? []
      : ['refused within the plan'],
  ]
    .flat()
    .map((problem) => `${apiRequest.key}: ${problem}`)
}

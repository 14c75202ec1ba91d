import type { LessonRow } from '../../../db/tables/lessons.ts'
import type { JobHistory } from '../job-history.ts'
import { answersTo, type Evidence } from './evidence.ts'
import type { Fact } from './fact.ts'
import { nameOf } from './facts-jobs.ts'
import type { Delivery, ModelChat } from './run.ts'
import { says } from './words.ts'

/** What must be true of other words for a lesson, and of what is left of a lesson that they replaced or that was withdrawn. */
export const RETAKE_FACTS: readonly Fact[] = [
  {
    fact: 'other words replace those of the lesson that they were asked for while it stands, and of no other',
    violations: (evidence) => [
      ...otherWordsIn(evidence).flatMap((delivery) => wrongReplacement(evidence, delivery)),
      ...strangeReplacements(evidence),
    ],
  },
  {
    fact: 'a lesson is asked about once, until the question is a day old',
    violations: (evidence) => evidence.run.chats.flatMap((chat) => doubleQuestions(evidence, chat)),
  },
  {
    fact: 'a lesson that was replaced or withdrawn has no button left',
    violations: (evidence) => evidence.lessons.flatMap((lesson) => buttonsLeft(evidence, lesson)),
  },
  {
    fact: 'other words take no place of the plan, and the lesson keeps the one that it has',
    violations: ({ lessons, places, originOf }) =>
      lessons.flatMap((lesson) => {
        const kindOf = (jobId: number | null) => places.find(({ job_id }) => job_id === jobId)?.kind
        const isStanding = lesson.withdrawn_at === null
        const placeKind = kindOf(lesson.job_id)
        const isKept = placeKind === undefined || placeKind === originOf(lesson)?.lessonKind
        const retakeKind = lesson.retake_job_id === null ? undefined : kindOf(lesson.retake_job_id)
        return (isKept || !isStanding) && (retakeKind ?? 'unheard') === 'unheard'
          ? []
          : [`job ${lesson.job_id}: ${placeKind}, and ${retakeKind} for the other words`]
      }),
  },
]

const DAY_MS = 24 * 3_600_000

function otherWordsIn({ run }: Evidence): Delivery[] {
  return run.deliveries.filter(
    ({ kind, questionId }) => kind === 'lesson' && questionId !== undefined,
  )
}

type Question = { presses: JobHistory[]; lessonJobId: number }

/** The presses that a question came of, and the job of the lesson that it is about. */
function questionOf(evidence: Evidence, { chat, questionId }: Delivery): Question | undefined {
  const question = evidence.botMessagesIn(chat).find(({ id }) => id === questionId)
  const verdictId = question?.message.reply_to_message?.message_id
  const presses = pressesOn(evidence, chat, verdictId)
  const [firstPress] = presses
  if (firstPress === undefined) return undefined
  return { presses: presses.flatMap(({ job }) => job), lessonJobId: firstPress.lessonJobId }
}

function pressesOn(evidence: Evidence, chat: ModelChat, messageId: number | undefined) {
  return evidence.run.deliveries.flatMap((delivery) => {
    const { message, data = '' } = delivery.updates[0]?.callback_query ?? {}
    const [, jobId] = /^lesson-retake:(\d+)$/.exec(data) ?? []
    const isOnIt = delivery.chat === chat && message?.message_id === messageId
    if (!isOnIt || jobId === undefined) return []
    return evidence.jobsOf(delivery).map((job) => ({ job, lessonJobId: Number(jobId) }))
  })
}

function wrongReplacement(evidence: Evidence, delivery: Delivery): string[] {
  const [job] = evidence.jobsOf(delivery)
  if (job === undefined || evidence.isErased(delivery)) return []
  const question = questionOf(evidence, delivery)
  const target = evidence.lessons.find(({ job_id }) => job_id === question?.lessonJobId)
  const replaced = evidence.retakenBy(job)
  if (replaced !== undefined) {
    const isRight = replaced === target && replaced.kind === delivery.lessonKind
    return isRight ? [] : [`${nameOf(job)}: replaced that of job ${replaced.job_id}`]
  }
  if (job.state !== 'done' || question === undefined || target === undefined) return []
  if (!mustReplace(evidence, job, question, target)) return []
  const answers = answersTo(evidence, delivery)
  const isLesson = evidence.lessonOf(job) !== undefined || job.steps.has('verdict')
  const isOutOfPlan = answers.some((answer) => says(answer, 'quota-used-up'))
  return isLesson || isOutOfPlan
    ? [`${nameOf(job)}: has not replaced that of job ${target.job_id}`]
    : []
}

/** Whether the question was surely open when the answer was worked on: in doubt it was not. */
function mustReplace(
  { run }: Evidence,
  job: JobHistory,
  { presses }: Question,
  target: LessonRow,
): boolean {
  const [firstRun = 0] = job.claims
  const isAsked = presses.some(({ state, endedAt = Number.POSITIVE_INFINITY }) => {
    return state === 'done' && endedAt < firstRun
  })
  const firstPressAt = Math.min(...presses.flatMap(({ receivedAt }) => receivedAt.map(Number)))
  const mayHaveExpired = run.world.clock.now() - firstPressAt > DAY_MS
  const isAnswered = target.retake_job_id !== null && target.retake_job_id < job.id
  return isAsked && !mayHaveExpired && !isAnswered && target.withdrawn_at === null
}

/** Replacements by what was no answer to any question. */
function strangeReplacements({ run, lessons, jobsOf }: Evidence): string[] {
  const answerJobs = run.deliveries
    .filter(({ questionId }) => questionId !== undefined)
    .flatMap((delivery) => jobsOf(delivery).map(({ id }) => id))
  return lessons
    .filter(({ retake_job_id }) => retake_job_id !== null && !answerJobs.includes(retake_job_id))
    .map(({ job_id, retake_job_id }) => `job ${job_id} by job ${retake_job_id}`)
}

function doubleQuestions(evidence: Evidence, chat: ModelChat): string[] {
  const questions = evidence
    .botMessagesIn(chat)
    .filter(({ markup }) => markup?.force_reply === true)
  const byVerdict = Map.groupBy(questions, ({ message }) => message.reply_to_message?.message_id)
  return [...byVerdict].flatMap(([verdictId, questions]) => {
    const presses = pressesOn(evidence, chat, verdictId).map(({ job }) => job)
    // One that died may have asked without noting it, and what was sent may have been sent twice.
    const isClear = presses.every((job) => job.state === 'done' && job.duplicatesPossible === 0)
    const times = questions.map(({ message }) => message.date * 1000)
    const isSoon = times.some((at, index) => index > 0 && at - (times[index - 1] ?? 0) < DAY_MS)
    return isClear && isSoon ? [`message ${verdictId}: ${questions.length} questions`] : []
  })
}

/** Buttons whose lesson is none any more, where all that should have taken them away knew of them and could. */
function buttonsLeft(evidence: Evidence, lesson: LessonRow): string[] {
  const { job_id, retake_job_id, withdrawn_at } = lesson
  const isWithdrawn = withdrawn_at !== null
  const goneJobIds = [
    ...(retake_job_id !== null || isWithdrawn ? [job_id] : []),
    ...(retake_job_id !== null && isWithdrawn ? [retake_job_id] : []),
  ]
  return goneJobIds.flatMap((jobId) => {
    if (!isTraceable(evidence, jobId)) return []
    const data = new RegExp(`^(lesson|aside)-[a-z]+:${jobId}$`)
    return evidence.run.chats.flatMap((chat) =>
      evidence
        .botMessagesIn(chat)
        .filter(({ buttons }) => buttons.some(({ callback_data = '' }) => data.test(callback_data)))
        .map(({ id }) => `lesson of job ${jobId}: message ${id} in chat ${chat.learner.chat.id}`),
    )
  })
}

/** Whether the messages of a job's lesson, and what was done with them, are known to the product without a doubt. */
function isTraceable({ run, jobs, jobsOf }: Evidence, lessonJobId: number): boolean {
  const pressJobs = run.deliveries
    .filter(({ updates }) => updates[0]?.callback_query?.data?.endsWith(`:${lessonJobId}`))
    .flatMap((delivery) => jobsOf(delivery))
  const asideJobs = jobs.filter(({ key }) => key.startsWith(`${lessonJobId}:`))
  // Of attempts and retakes it is not said here whose they are.
  const chatJobs = jobs.filter(
    ({ lane }) => lane === jobs.find(({ id }) => id === lessonJobId)?.lane,
  )
  return [...pressJobs, ...asideJobs, ...chatJobs].every(isClear)
}

function isClear({ state, lastError, duplicatesPossible, steps }: JobHistory): boolean {
  const isUnknown = [...steps.values()].some(
    ({ sends, doneAt }) => sends > 0 && doneAt === undefined,
  )
  const hasEnded = state === 'done' || (state === 'left' && lastError?.startsWith('lesson-gone'))
  return hasEnded === true && duplicatesPossible === 0 && !isUnknown
}

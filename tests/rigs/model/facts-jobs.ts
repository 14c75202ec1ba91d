import type { LessonRow } from '../../../db/tables/lessons.ts'
import type { JobHistory } from '../job-history.ts'
import { answersTo, type Evidence, hasSent } from './evidence.ts'
import type { Fact } from './fact.ts'
import type { Delivery, ModelChat } from './run.ts'
import { says } from './words.ts'

/** What must be true of jobs and of what learners see after any list of commands. */
export const JOB_FACTS: readonly Fact[] = [
  {
    fact: 'every message and every press is exactly one job, which has ended',
    violations: (evidence) => [
      ...evidence.run.deliveries.flatMap((delivery) => wrongJobs(evidence, delivery)),
      ...surplus(evidence),
    ],
  },
  {
    fact: 'a learner whose job is dead has an apology, unless Telegram refused it',
    violations: (evidence) =>
      checkJobs(evidence, ({ job, chat }) =>
        job.state === 'dead' && !isExcused(evidence, chat, job)
          ? [`${nameOf(job)}: ${job.lastError}`]
          : [],
      ),
  },
  {
    fact: 'a message in Czech is a lesson, or its sender is told why not',
    violations: (evidence) =>
      checkJobs(evidence, (deliveredJob) => answerProblems(evidence, deliveredJob)),
  },
  {
    fact: 'a lesson has one verdict, and a second one only where the first was unknowable',
    violations: (evidence) =>
      checkJobs(evidence, (deliveredJob) => wrongVerdicts(evidence, deliveredJob)),
  },
  {
    fact: 'a chat has every message that was sent, and none twice that is not counted as a possible duplicate',
    violations: (evidence) => evidence.run.chats.flatMap((chat) => wrongSends(evidence, chat)),
  },
  {
    fact: 'messages are answered in the order in which they came',
    violations: (evidence) => evidence.run.chats.flatMap((chat) => disorder(evidence, chat)),
  },
  {
    fact: 'a press is answered, and the newest decides the language',
    violations: (evidence) => [
      ...checkJobs(evidence, ({ job, delivery }) => unansweredPress(evidence, job, delivery)),
      ...evidence.run.chats.flatMap((chat) => wrongLanguage(evidence, chat)),
    ],
  },
]

const ENDED = new Set(['done', 'dead', 'left'])

type DeliveredJob = { delivery: Delivery; job: JobHistory; chat: ModelChat }

/** Checks each message and press together with its job. */
function checkJobs(evidence: Evidence, look: (subject: DeliveredJob) => string[]): string[] {
  return evidence.run.deliveries.flatMap((delivery) => {
    const [job] = evidence.jobsOf(delivery)
    return job === undefined || evidence.isErased(delivery)
      ? []
      : look({ delivery, job, chat: delivery.chat })
  })
}

function wrongJobs(evidence: Evidence, delivery: Delivery): string[] {
  const jobs = evidence.jobsOf(delivery)
  const [job] = jobs
  const ids = delivery.updates.map(({ update_id }) => update_id).join(', ')
  if (job === undefined) return isGivenUp(evidence, delivery) ? [] : [`update ${ids}: no job`]
  if (jobs.length > 1) return [`updates ${ids}: ${jobs.length} jobs`]
  return ENDED.has(job.state) ? [] : [`${nameOf(job)} is ${job.state}`]
}

/** Telegram drops an update that it could not deliver in time: none of its attempts was acknowledged. */
function isGivenUp({ run }: Evidence, { updates }: Delivery): boolean {
  const ids = updates.map(({ update_id }) => update_id)
  const attempts = run.world.telegram.attempts.filter(({ updateId }) => ids.includes(updateId))
  return (
    attempts.some(({ next }) => next === 'dropped') &&
    attempts.every(({ next }) => next !== 'acknowledged')
  )
}

function surplus({ run, jobs }: Evidence): string[] {
  const count = jobs.filter(({ source }) => source.startsWith('tg:')).length
  return count > run.deliveries.length ? [`${count} jobs of ${run.deliveries.length} updates`] : []
}

function isExcused(evidence: Evidence, chat: ModelChat, job: JobHistory): boolean {
  // Its runs were all killed: the next claim only makes it dead.
  if (job.lastError === 'Every attempt ended unseen.') return true
  if (job.lane.startsWith('tap:') || hasSent(job, 'failure.dead', 'failure.unshown')) return true
  const wasTried = job.steps.has('failure.dead') || job.steps.has('failure.unshown')
  return wasTried && evidence.calls.some((call) => call.fault !== null && isTo(chat, call.payload))
}

function answerProblems(evidence: Evidence, { delivery, job }: DeliveredJob): string[] {
  if (job.state !== 'done' || delivery.lessonKind === undefined) return []
  const lesson = evidence.lessonOf(job) ?? evidence.retakenBy(job)
  const where = `${nameOf(job)}, "${delivery.said}"`
  if (delivery.kind === 'no-lesson') {
    return hasSent(job, 'refusal') && !lesson ? [] : [`${where}: not refused`]
  }
  if (lesson === undefined)
    return hasSent(job, 'refusal') || isAttempt(evidence, job)
      ? []
      : [`${where}: neither lesson, attempt nor refusal`]
  // Behind a hint the reply is held back.
  const hasVoice = hasSent(job, 'voice', 'sound-file', 'reply-text', 'held')
  return [
    ...(hasVoice || lesson.withdrawn_at !== null ? [] : [`${where}: a lesson without its reply`]),
    ...(lesson.said === delivery.said || isReplacedBehind(lesson, job)
      ? []
      : [`${where}: the lesson says "${lesson.said}"`]),
  ]
}

/** Whether another job's message has replaced what was said in this job's lesson. */
function isReplacedBehind({ retake_job_id }: LessonRow, job: JobHistory): boolean {
  return retake_job_id !== null && retake_job_id !== job.id
}

/** Whether a job has answered what was said by the verdict of another's lesson. */
function isAttempt(evidence: Evidence, job: JobHistory): boolean {
  const isLesson = evidence.lessonOf(job) ?? evidence.retakenBy(job)
  return isLesson === undefined && job.steps.has('verdict')
}

function wrongVerdicts(evidence: Evidence, { delivery, job }: DeliveredJob): string[] {
  if (delivery.kind !== 'lesson' && delivery.kind !== 'no-lesson') return []
  const verdicts = answersTo(evidence, delivery).filter((message) => says(message, 'verdict'))
  const lesson = evidence.lessonOf(job) ?? evidence.retakenBy(job)
  // A hint stands in the verdict's place until it is answered, and an attempt is answered by the verdict.
  const isHinted = hasSent(job, 'held')
  const isAnswered = lesson !== undefined || isAttempt(evidence, job)
  // What stands in the place of the verdict of a withdrawn or replaced lesson is none.
  const isReplaced = lesson !== undefined && isReplacedBehind(lesson, job)
  const isShown = job.state === 'done' && !isHinted && !lesson?.withdrawn_at && !isReplaced
  const min = isAnswered && isShown ? 1 : 0
  const max = isAnswered ? Math.max(1, job.steps.get('verdict')?.sends ?? 0) : 0
  return verdicts.length >= min && verdicts.length <= max
    ? []
    : [`${nameOf(job)}: ${verdicts.length} verdicts, not ${min} to ${max}`]
}

const SENDS = ['sendMessage', 'sendVoice', 'sendDocument']

/** A step is stored as started before its call: at most so many calls were made, and one at least where it is done. */
function wrongSends(evidence: Evidence, chat: ModelChat): string[] {
  const { calls, jobs } = evidence
  const performedCount = calls.filter(
    ({ method, wasPerformed, result, payload }) =>
      SENDS.includes(method) && wasPerformed && result?.ok === true && isTo(chat, payload),
  ).length
  const chatJobs = jobs.filter(({ lane }) => isLaneOf(chat, lane))
  const asideJobs = jobs.filter(
    ({ source, key }) =>
      source === 'aside:tg' && chatJobs.some(({ id }) => String(id) === key.split(':')[0]),
  )
  const ownJobs = [...chatJobs, ...asideJobs]
  const steps = ownJobs.flatMap((job) => [...job.steps.values()].filter(({ sends }) => sends > 0))
  // Pressed again, the job of a button under an answer is opened again, and sends by a step of the same name.
  const sendCount = ownJobs.reduce((sum, { source, receivedAt, steps: ownSteps }) => {
    const sends = [...ownSteps.values()].reduce((count, step) => count + step.sends, 0)
    return sum + sends * (source === 'aside:tg' ? receivedAt.length : 1)
  }, 0)
  const doneCount = steps.filter(({ doneAt }) => doneAt !== undefined).length
  const wrongCounts = ownJobs
    .filter(({ state, isErased }) => ENDED.has(state) && !isErased)
    .filter((job) => repeatsOf(job) !== job.duplicatesPossible)
    .map((job) => `${nameOf(job)}: ${repeatsOf(job)} repeats, ${job.duplicatesPossible} counted`)
  return performedCount >= doneCount && performedCount <= sendCount
    ? wrongCounts
    : [
        ...wrongCounts,
        `chat ${chat.learner.chat.id}: ${performedCount} sent, ${doneCount} known of, ${sendCount} begun`,
      ]
}

function repeatsOf(job: JobHistory): number {
  return [...job.steps.values()].filter(({ sends }) => sends > 1).length
}

function disorder(evidence: Evidence, chat: ModelChat): string[] {
  const orderedJobs = evidence.run.deliveries
    .filter((delivery) => delivery.chat === chat)
    .flatMap((delivery) => evidence.jobsOf(delivery).map((job) => ({ job, delivery })))
    .filter(({ job }) => job.state === 'done' && job.lane.startsWith('chat:'))
    .sort((a, b) => a.job.id - b.job.id)
  const answers = orderedJobs.flatMap(({ job, delivery }) => {
    const [first] = answersTo(evidence, delivery)
    return first === undefined ? [] : [{ job, at: first.id }]
  })
  return answers.flatMap(({ job, at }, index) =>
    at < (answers[index - 1]?.at ?? 0) ? [`${nameOf(job)} was answered too soon`] : [],
  )
}

function unansweredPress({ calls }: Evidence, job: JobHistory, { updates }: Delivery): string[] {
  const query = updates[0]?.callback_query?.id
  if (query === undefined || job.state !== 'done') return []
  const isAnswered = calls.some(
    ({ method, wasPerformed, payload }) =>
      method === 'answerCallbackQuery' && wasPerformed && payload.callback_query_id === query,
  )
  return isAnswered ? [] : [`${nameOf(job)}: the press still waits`]
}

/** A press whose job failed may have had its effect, or not. */
function wrongLanguage(evidence: Evidence, chat: ModelChat): string[] {
  const presses = evidence.run.deliveries
    .filter((delivery) => delivery.chat === chat && delivery.kind === 'tap')
    .flatMap((delivery) =>
      evidence.jobsOf(delivery).map((job) => {
        const [, code] = /^native:(.+)$/.exec(delivery.updates[0]?.callback_query?.data ?? '') ?? []
        return { job, code }
      }),
    )
    .filter(({ code }) => code !== undefined)
    .sort((a, b) => a.job.id - b.job.id)
  const lastDone = presses.findLastIndex(({ job }) => job.state === 'done')
  const possibleCodes = presses.slice(Math.max(0, lastDone)).map(({ code }) => code)
  if (lastDone === -1) possibleCodes.push('uk')
  const language = evidence.learnerOf(chat)?.native_language
  const isSame = chat.isKnown && !chat.isDeleted
  return !isSame || possibleCodes.includes(language)
    ? []
    : [`chat ${chat.learner.chat.id}: ${language}, not ${possibleCodes.join(' or ')}`]
}

function isTo({ learner }: ModelChat, payload: Record<string, unknown>): boolean {
  return String(payload.chat_id) === String(learner.chat.id)
}

function isLaneOf({ learner }: ModelChat, lane: string): boolean {
  return lane === `chat:${learner.chat.id}` || lane === `tap:${learner.user.id}`
}

/** What a job is called in a violation. */
export function nameOf({ id, lane, key }: Pick<JobHistory, 'id' | 'lane' | 'key'>): string {
  return `job ${id} (${lane}, ${key})`
}

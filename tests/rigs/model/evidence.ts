import { sql } from 'kysely'
import type { LearnerRow } from '../../../db/tables/learners.ts'
import type { LessonRow } from '../../../db/tables/lessons.ts'
import { CORRECTIONS_ONLY } from '../../../lib/domain/prompts/rules.ts'
import type { RecordedRequest, Stage } from '../../../scripts/studio/openai/stand-in.ts'
import type { Call } from '../../../scripts/studio/telegram/calls.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import { type JobHistory, readHistory } from '../job-history.ts'
import { countCharges, type PaidCalls } from '../paid-calls.ts'
import type { ApiRequest, Delivery, ModelChat, Run } from './run.ts'

/** The observations of a run when it has settled. */
export type Evidence = {
  run: Run
  jobs: JobHistory[]
  lessons: LessonRow[]
  learners: LearnerRow[]
  /** The stars of attempts, by the job of their lesson. */
  attemptStars: { learner_id: number; key: string; stars: number }[]
  /** What takes up the days, as far as it is kept still. */
  places: { job_id: number | null; kind: string }[]
  calls: Call[]
  requests: RecordedRequest[]
  /** The ledger's rows. */
  charges: PaidCalls
  /** Those of them for calls whose end is not known: aborted, broken off. */
  estimatedCharges: PaidCalls
  logEntries: { line: string; level: string; event: string; error?: { code?: string } }[]
  /** The jobs of a message or a press: one, if the promise holds. */
  jobsOf(delivery: Delivery): JobHistory[]
  jobsOfRequest(apiRequest: ApiRequest): JobHistory[]
  lessonOf(job: JobHistory): LessonRow | undefined
  /** The lesson in which the job has put other words in the place of the first ones. */
  retakenBy(job: JobHistory): LessonRow | undefined
  /** The message or request that a lesson began with, whatever it says now. */
  originOf(lesson: LessonRow): Delivery | ApiRequest | undefined
  /** Whether the sender was deleted since: what came of it is gone. */
  isErased(delivery: Delivery): boolean
  learnerOf(chat: ModelChat): LearnerRow | undefined
  /** The bot's messages in a chat now. */
  botMessagesIn(chat: ModelChat): ChatMessage[]
}

export async function gatherEvidence(run: Run): Promise<Evidence> {
  const { telegram } = run.world
  const rows = await readRows(run)
  const { jobs, lessons, learners } = rows
  const byJob = new Map(lessons.map((lesson) => [lesson.job_id, lesson]))
  const byRetake = new Map(lessons.map((lesson) => [lesson.retake_job_id, lesson]))
  const jobsOf = ({ updates }: Delivery) => {
    const keys = updates.map(({ update_id }) => String(update_id))
    return jobs.filter(({ source, key }) => source.startsWith('tg:') && keys.includes(key))
  }
  const jobsOfRequest = ({ key }: ApiRequest) =>
    jobs.filter((job) => job.source.startsWith('api:') && job.key === key)
  const origins = new Map<number, Delivery | ApiRequest>([
    ...run.deliveries.flatMap((origin) => jobsOf(origin).map(({ id }) => [id, origin] as const)),
    ...run.apiRequests.flatMap((origin) =>
      jobsOfRequest(origin).map(({ id }) => [id, origin] as const),
    ),
  ])
  return {
    run,
    ...rows,
    calls: run.calls(),
    requests: run.requests(),
    logEntries: run.logLines.map((line) => ({ line, ...JSON.parse(line) })),
    jobsOf,
    jobsOfRequest,
    lessonOf: ({ id }) => byJob.get(id),
    retakenBy: ({ id }) => byRetake.get(id),
    originOf: ({ job_id }) => origins.get(job_id),
    isErased: (delivery) => isErased(run, jobsOf, delivery),
    learnerOf: ({ learner }) => learners.find(({ telegram_id }) => telegram_id === learner.user.id),
    botMessagesIn: ({ learner }) =>
      telegram.chat(learner.chat.id).messages.filter(({ author }) => author === 'bot'),
  }
}

async function readRows({ world: { db } }: Run) {
  const [jobs, lessons, learners, attemptStars, places, charges, estimatedCharges] =
    await Promise.all([
      readHistory(db),
      sql<LessonRow>`select * from lesson order by id`.execute(db),
      sql<LearnerRow>`select * from learner order by id`.execute(db),
      db.selectFrom('star_entry').selectAll().where('reason', '=', 'attempt').execute(),
      db.selectFrom('quota_use').select(['job_id', 'kind']).execute(),
      countCharges(db),
      countCharges(db, undefined, { onlyEstimates: true }),
    ])
  return {
    jobs,
    lessons: lessons.rows,
    learners: learners.rows,
    attemptStars,
    places,
    charges,
    estimatedCharges,
  }
}

/** A job that was pruned before its sender was deleted is not known to be of theirs any more. */
function isErased(run: Run, jobsOf: Evidence['jobsOf'], delivery: Delivery): boolean {
  const [job] = jobsOf(delivery)
  if (job === undefined) return false
  return run.deliveries.some(
    (other) =>
      other.chat === delivery.chat &&
      jobsOf(other).some(({ id, isErased }) => isErased && id >= job.id),
  )
}

/** Tells whether a job sent this step at all. */
export function hasSent(job: JobHistory, ...steps: string[]): boolean {
  return steps.some((step) => job.steps.get(step)?.doneAt !== undefined)
}

/** The bot's messages that reply to a learner's message. */
export function answersTo(evidence: Evidence, { chat, updates }: Delivery): ChatMessage[] {
  const ids = updates.map(({ message }) => message?.message_id)
  return evidence
    .botMessagesIn(chat)
    .filter(({ message }) => ids.includes(message.reply_to_message?.message_id ?? -1))
}

/** The text or recording that a request of the provider is about; undefined where it has none. */
export function subjectOf({ stage, fields, audioSha256 }: RecordedRequest): string | undefined {
  const subjects: Record<Stage, () => unknown> = {
    transcribe: () => audioSha256,
    reply: () => lastUserText(fields.messages),
    speak: () => fields.input,
  }
  const text = subjects[stage]()
  return typeof text === 'string' ? text : undefined
}

/** The subject of all requests for facts: they are about many lessons. */
export const FACTS = 'facts'

/** The learner's last turn; the one that asks for the corrections alone comes from the product. */
function lastUserText(messages: unknown): unknown {
  if (!Array.isArray(messages)) return undefined
  const text: unknown = messages.findLast(
    ({ role, content }: { role?: string; content?: unknown }) =>
      role === 'user' && !String(content).startsWith(CORRECTIONS_ONLY),
  )?.content
  return String(text).startsWith('{"facts":') ? FACTS : text
}

import type { JobHistory } from '../job-history.ts'
import { answersTo, type Evidence, hasSent } from './evidence.ts'
import type { Fact } from './fact.ts'
import type { Delivered, ModelChat } from './run.ts'
import { says } from './words.ts'

/** What must be true of jobs and of what learners see, whatever was done. */
export const JOB_FACTS: readonly Fact[] = [
  {
    fact: 'every message and every press is exactly one job, and that has ended',
    violations: (evidence) => [
      ...evidence.run.delivered.flatMap((each) => notOne(evidence, each)),
      ...surplus(evidence),
    ],
  },
  {
    fact: 'whoever is not answered is told so, unless they cannot be',
    violations: (evidence) =>
      each(evidence, ({ job, chat }) =>
        job.state === 'dead' && !isExcused(evidence, chat, job)
          ? [`${named(job)}: ${job.lastError}`]
          : [],
      ),
  },
  {
    fact: 'a message in Czech is a lesson, or its sender is told why not',
    violations: (evidence) => each(evidence, (one) => unanswered(evidence, one)),
  },
  {
    fact: 'a lesson has one verdict, and a second one only where nobody could know of the first',
    violations: (evidence) => each(evidence, (one) => wrongVerdicts(evidence, one)),
  },
  {
    fact: 'a chat has all that was sent, and nothing twice that is not counted as possibly so',
    violations: (evidence) => evidence.run.chats.flatMap((chat) => wrongSends(evidence, chat)),
  },
  {
    fact: 'messages are answered in the order in which they came',
    violations: (evidence) => evidence.run.chats.flatMap((chat) => disorder(evidence, chat)),
  },
  {
    fact: 'a press is answered, and the newest decides the language',
    violations: (evidence) => [
      ...each(evidence, ({ job, delivered }) => unansweredPress(evidence, job, delivered)),
      ...evidence.run.chats.flatMap((chat) => wrongLanguage(evidence, chat)),
    ],
  },
]

type One = { delivered: Delivered; job: JobHistory; chat: ModelChat }

/** Looks at each message and press with the job that it has become. */
function each(evidence: Evidence, look: (one: One) => string[]): string[] {
  return evidence.run.delivered.flatMap((delivered) => {
    const [job] = evidence.jobsOf(delivered)
    return job === undefined ? [] : look({ delivered, job, chat: delivered.chat })
  })
}

function notOne(evidence: Evidence, delivered: Delivered): string[] {
  const jobs = evidence.jobsOf(delivered)
  const [job] = jobs
  const ids = delivered.updates.map(({ update_id }) => update_id).join(', ')
  if (job === undefined) return isGivenUp(evidence, delivered) ? [] : [`update ${ids}: no job`]
  if (jobs.length > 1) return [`updates ${ids}: ${jobs.length} jobs`]
  return job.state === 'done' || job.state === 'dead' ? [] : [`${named(job)} is ${job.state}`]
}

/** Telegram drops what it could not deliver in time; it was never told that we have it. */
function isGivenUp({ run }: Evidence, { updates }: Delivered): boolean {
  const ids = updates.map(({ update_id }) => update_id)
  const attempts = run.world.telegram.attempts.filter(({ updateId }) => ids.includes(updateId))
  return (
    attempts.some(({ next }) => next === 'dropped') &&
    attempts.every(({ next }) => next !== 'acknowledged')
  )
}

function surplus({ run, jobs }: Evidence): string[] {
  const count = jobs.filter(({ source }) => source.startsWith('tg:')).length
  return count > run.delivered.length ? [`${count} jobs of ${run.delivered.length} updates`] : []
}

function isExcused(evidence: Evidence, chat: ModelChat, job: JobHistory): boolean {
  if (/^telegram-blocked/.test(job.lastError ?? '')) return true
  // Its runs were killed one after the other: the last one of all only buries it.
  if (job.lastError === 'Every attempt ended unseen.') return true
  if (job.lane.startsWith('tap:') || hasSent(job, 'failure.dead', 'failure.unshown')) return true
  const wasTried = job.steps.has('failure.dead') || job.steps.has('failure.unshown')
  return wasTried && evidence.calls.some((call) => call.fault !== null && isTo(chat, call.payload))
}

function unanswered(evidence: Evidence, { delivered, job, chat }: One): string[] {
  if (job.state !== 'done' || delivered.lessonKind === undefined) return []
  const lesson = evidence.lessonOf(job)
  const where = `${named(job)}, "${delivered.said}"`
  if (!chat.isKnown)
    return hasSent(job, 'register-first') && !lesson ? [] : [`${where}: no invitation`]
  if (delivered.kind === 'no-lesson') {
    return hasSent(job, 'refusal') && !lesson ? [] : [`${where}: not refused`]
  }
  if (lesson === undefined)
    return hasSent(job, 'refusal') ? [] : [`${where}: neither lesson nor refusal`]
  const hasVoice = hasSent(job, 'voice', 'sound-file', 'reply-text')
  return [
    ...(hasVoice ? [] : [`${where}: a lesson without its reply`]),
    ...(lesson.said === delivered.said ? [] : [`${where}: the lesson says "${lesson.said}"`]),
  ]
}

function wrongVerdicts(evidence: Evidence, { delivered, job }: One): string[] {
  if (delivered.kind !== 'lesson' && delivered.kind !== 'no-lesson') return []
  const shown = answersTo(evidence, delivered).filter((seen) => says(seen, 'verdict'))
  const hasLesson = evidence.lessonOf(job) !== undefined
  const least = hasLesson && job.state === 'done' ? 1 : 0
  const most = hasLesson ? Math.max(1, job.steps.get('verdict')?.sends ?? 0) : 0
  return shown.length >= least && shown.length <= most
    ? []
    : [`${named(job)}: ${shown.length} verdicts, not ${least} to ${most}`]
}

const SENDS = ['sendMessage', 'sendVoice', 'sendDocument']

/** Each step is begun before its call: so many calls there may be, and one at least where it is done. */
function wrongSends({ calls, jobs }: Evidence, chat: ModelChat): string[] {
  const performed = calls.filter(
    ({ method, wasPerformed, result, payload }) =>
      SENDS.includes(method) && wasPerformed && result?.ok === true && isTo(chat, payload),
  ).length
  const own = jobs.filter(({ lane }) => isLaneOf(chat, lane))
  const steps = own.flatMap((job) => [...job.steps.values()].filter(({ sends }) => sends > 0))
  const begun = steps.reduce((sum, { sends }) => sum + sends, 0)
  const done = steps.filter(({ doneAt }) => doneAt !== undefined).length
  const uncounted = own
    .filter(({ state }) => state === 'done' || state === 'dead')
    .filter((job) => repeatsOf(job) !== job.duplicatesPossible)
    .map((job) => `${named(job)}: ${repeatsOf(job)} repeats, ${job.duplicatesPossible} counted`)
  return performed >= done && performed <= begun
    ? uncounted
    : [...uncounted, `chat ${chat.me.chat.id}: ${performed} sent, ${done} known of, ${begun} begun`]
}

function repeatsOf(job: JobHistory): number {
  return [...job.steps.values()].filter(({ sends }) => sends > 1).length
}

function disorder(evidence: Evidence, chat: ModelChat): string[] {
  const inOrder = evidence.run.delivered
    .filter((delivered) => delivered.chat === chat)
    .flatMap((delivered) => evidence.jobsOf(delivered).map((job) => ({ job, delivered })))
    .filter(({ job }) => job.state === 'done' && job.lane.startsWith('chat:'))
    .sort((one, other) => one.job.id - other.job.id)
  const answered = inOrder.flatMap(({ job, delivered }) => {
    const [first] = answersTo(evidence, delivered)
    return first === undefined ? [] : [{ job, at: first.id }]
  })
  return answered.flatMap(({ job, at }, index) =>
    at < (answered[index - 1]?.at ?? 0) ? [`${named(job)} was answered too soon`] : [],
  )
}

function unansweredPress({ calls }: Evidence, job: JobHistory, { updates }: Delivered): string[] {
  const query = updates[0]?.callback_query?.id
  if (query === undefined || job.state !== 'done') return []
  const isAnswered = calls.some(
    ({ method, wasPerformed, payload }) =>
      method === 'answerCallbackQuery' && wasPerformed && payload.callback_query_id === query,
  )
  return isAnswered ? [] : [`${named(job)}: the press still waits`]
}

/** One that has failed may have had its effect, or not. */
function wrongLanguage(evidence: Evidence, chat: ModelChat): string[] {
  const presses = evidence.run.delivered
    .filter((delivered) => delivered.chat === chat && delivered.kind === 'tap')
    .flatMap((delivered) =>
      evidence.jobsOf(delivered).map((job) => {
        const [, code] =
          /^native:(.+)$/.exec(delivered.updates[0]?.callback_query?.data ?? '') ?? []
        return { job, code }
      }),
    )
    .filter(({ code }) => code !== undefined)
    .sort((one, other) => one.job.id - other.job.id)
  const lastDone = presses.findLastIndex(({ job }) => job.state === 'done')
  const possible = presses.slice(Math.max(0, lastDone)).map(({ code }) => code)
  if (lastDone === -1) possible.push('uk')
  const language = evidence.learnerOf(chat)?.native_language
  return !chat.isKnown || possible.includes(language)
    ? []
    : [`chat ${chat.me.chat.id}: ${language}, not ${possible.join(' or ')}`]
}

function isTo({ me }: ModelChat, payload: Record<string, unknown>): boolean {
  return String(payload.chat_id) === String(me.chat.id)
}

function isLaneOf({ me }: ModelChat, lane: string): boolean {
  return lane === `chat:${me.chat.id}` || lane === `tap:${me.user.id}`
}

/** What a job is called in a violation. */
export function named({ id, lane, key }: Pick<JobHistory, 'id' | 'lane' | 'key'>): string {
  return `job ${id} (${lane}, ${key})`
}

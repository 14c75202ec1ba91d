import type { Inbox, NewJob, StoredJob } from '../../app/jobs/inbox.ts'
import type { LastJob } from '../../app/jobs/job.ts'
import type { Journal } from '../../app/jobs/journal.ts'
import { ANSWER } from '../../app/jobs/journal.ts'
import type { SlotClass } from '../../app/jobs/sources.ts'
import type { Sleep } from '../../app/ports.ts'
import type { Answer } from '../answer.ts'
import { type Problem, problem, problemOfFailure } from '../problem.ts'
import type { StoredAnswer } from './job-handler.ts'

export type WaitDeps = {
  inbox: Inbox
  journal: Journal
  drain(lane: string, slots: SlotClass, last?: LastJob): Promise<void>
  beside(name: string, work: () => Promise<void>): void
  sleep: Sleep
}

/** How long a request waits for its turn, or for a job that runs elsewhere. */
const MAX_WAIT_MS = 25_000
const POLL_MS = 500

export type Waiter = {
  /** Called each time that the job is still not over. */
  onPoll(): void
  /** Whether the client has gone away. */
  hasLeft(): boolean
}

/**
 * Runs the lane as far as the job, and returns the job's stored answer, once there is one; `in_progress` where it
 * takes too long.
 *
 * The job may be running in another process, behind one that waits for its retry, or wait for a slot. One that has begun in
 * this process is waited for to its end, also when `patience` is at an end.
 */
export async function waitForAnswer(
  deps: WaitDeps,
  job: NewJob,
  { onPoll, hasLeft }: Waiter,
  patience = AbortSignal.timeout(MAX_WAIT_MS),
): Promise<Answer | Problem> {
  // One that has left is told nothing: what it leaves behind is ended when its turn comes.
  const impatience = abortOf(patience).then(() => !hasLeft())
  let isInTime = await runInTurn(deps, job, impatience)
  for (let waitedMs = 0; isInTime && waitedMs < MAX_WAIT_MS && !hasLeft(); waitedMs += POLL_MS) {
    const storedJob = await deps.inbox.find(job.source, job.key)
    // Another client of the same job left, in a process that does not know of this one.
    if (storedJob && isAbandoned(storedJob)) await deps.inbox.reopen(job, storedJob)
    else {
      const answer = await answerOf(deps, storedJob)
      if (answer !== undefined) return answer
    }
    onPoll()
    await deps.sleep(POLL_MS)
    // The process that ran it may have died: then this one goes on with it.
    isInTime = !patience.aborted && (await runInTurn(deps, job, impatience))
  }
  const detail =
    'This request waits for its turn or is still running. Ask again with the same Idempotency-Key.'
  const inProgress = problem('in_progress', { detail, retryAfterSeconds: 5 })
  return (await answerOf(deps, await deps.inbox.find(job.source, job.key))) ?? inProgress
}

const abortOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

/**
 * Runs the lane as far as the job: the learner's later requests do not hold this one's answer up. False where `impatience`
 * comes before its turn, which is then waited for beside.
 */
async function runInTurn(
  { drain, beside }: WaitDeps,
  { lane, slots, source, key }: NewJob,
  impatience: Promise<boolean>,
): Promise<boolean> {
  const turn = Promise.withResolvers<void>()
  const draining = drain(lane, slots, { source, key, onBegin: turn.resolve })
  const isInTime = await Promise.race([
    draining.then(() => true),
    turn.promise.then(() => true),
    impatience.then((isToBeTold) => !isToBeTold),
  ])
  if (isInTime) await draining
  else beside('drain', () => draining)
  return isInTime
}

async function answerOf(
  { journal }: WaitDeps,
  job: StoredJob | undefined,
): Promise<Answer | Problem | undefined> {
  // With its learner.
  if (job === undefined) return problem('unknown_learner', { detail: DELETED })
  if (job.state === 'dead') return problemOfDead(job)
  if (job.state !== 'done') return undefined
  const answer = (await journal.find(job.id, ANSWER)) as StoredAnswer | undefined
  if (answer?.kind === 'lesson') return { kind: 'answer', body: answer.body, isTraceable: true }
  return answer && { ...answer, logFields: null }
}

const DELETED = 'The learner was deleted before this request was answered.'

function problemOfDead(job: StoredJob): Problem {
  return { ...problemOfFailure(errorCodeOf(job) ?? ''), logFields: null }
}

function isAbandoned(job: StoredJob): boolean {
  return job.state === 'dead' && errorCodeOf(job) === 'client-left'
}

/** The stored error begins with its code. */
function errorCodeOf({ lastError }: StoredJob): string | undefined {
  return /^[\w-]+/.exec(lastError ?? '')?.[0]
}

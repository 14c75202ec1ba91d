import { fullLaneOf, type Inbox, type NewJob, type Wake } from '../../app/jobs/inbox.ts'
import type { Precedence } from '../../app/jobs/precedence.ts'
import type { SlotClass } from '../../app/jobs/sources.ts'
import type { Log } from '../../app/ports.ts'
import type { Answer } from '../answer.ts'
import { readBytes } from '../body.ts'
import { type Problem, problem } from '../problem.ts'
import { isSecret } from '../secret.ts'
import { type DeliveredJob, jobOfDelivery, keyOfReusedId } from './update.ts'

/** Telegram's updates have at most 64 kB; this leaves room for larger ones. */
const MAX_UPDATE_BYTES = 256 * 1024

const OK: Answer = { kind: 'answer' }

export type WebhookDeps = {
  config: {
    telegram: {
      botId: string
      webhookSecret: string
      previousWebhookSecret?: string | undefined
    }
    ackMode: 'stored' | 'finished'
  }
  inbox: Inbox
  log: Log
  wake: Wake
  first: Precedence['first']
  drain(lane: string, slots: SlotClass): Promise<void>
  sweepSoon(): void
}

/**
 * `POST /webhook`: stores one of Telegram's deliveries, then answers, then works on it.
 *
 * An authenticated delivery is answered 200 once it is stored, even if it is malformed: a 4xx would make
 * Telegram hold the chat's queue and resend for 24 hours. A database that does not answer is 503, and
 * Telegram keeps the update. One without a body is answered, and leaves nothing behind.
 */
export async function takeDelivery(request: Request, deps: WebhookDeps): Promise<Answer | Problem> {
  const { config, log } = deps
  const secret = request.headers.get('x-telegram-bot-api-secret-token')
  const isCurrent = isSecret(secret, config.telegram.webhookSecret)
  // Telegram sends the one that the webhook was set with, until it is set anew.
  if (!isCurrent && !isSecret(secret, config.telegram.previousWebhookSecret)) {
    return problem('unauthorized', { detail: 'The secret token is missing or wrong.' })
  }

  const delivery = await deps.first(async () => {
    const { bytes } = await readBytes(request, MAX_UPDATE_BYTES)
    // Telegram sends none: it is `npm run doctor`, which asks whether the secret is the right one.
    if (bytes.length === 0) return undefined
    const { job, outcome } = await store(deps, jobOfDelivery(config.telegram.botId, bytes))
    log.debug('update_stored', { key: job.key, lane: job.lane, stored: outcome })
    return { job, outcome, bytes: bytes.length }
  })
  if (delivery === undefined) return OK
  const { job, outcome, bytes } = delivery
  const answer = outcome === 'lane-full' ? refuse(deps, job) : await workOn(deps, job, bytes)
  deps.sweepSoon()
  return answer
}

/**
 * Stores a delivery as a job. Telegram's numbering can begin anew, at random after a week without updates: what comes
 * under an id that is taken, and is not what came under it before, is stored under a key of its own.
 */
async function store({ inbox, log }: WebhookDeps, job: DeliveredJob) {
  const outcome = await inbox.add(job)
  if (outcome !== 'duplicate') return { job, outcome }
  // There is none where the same message came under another id.
  const storedHash = (await inbox.find(job.source, job.key))?.requestHash
  const isSame = storedHash == null || Buffer.compare(storedHash, job.requestHash) === 0
  if (isSame) return { job, outcome }

  const otherJob = { ...job, key: keyOfReusedId(job) }
  log.warn('update_id_reused', { key: otherJob.key, lane: job.lane })
  return { job: otherJob, outcome: await inbox.add(otherJob) }
}

/** Acknowledges what comes when too much waits already: delivered again it would only be more. */
function refuse({ log, wake }: WebhookDeps, { key, lane }: NewJob): Answer {
  log.warn('lane_full', { key, lane })
  wake(fullLaneOf(lane), 'quick')
  return OK
}

async function workOn(deps: WebhookDeps, job: NewJob, bytes: number): Promise<Answer> {
  if (job.poison) {
    deps.log.warn('poison_stored', { key: job.key, bytes })
    return OK
  }
  if (deps.config.ackMode === 'finished') return whenFinished(deps, job)
  // A duplicate wakes its lane, too: the process that the first delivery woke may have died.
  deps.wake(job.lane, job.slots)
  return OK
}

/** For hosts without a scheduler: a 503 makes Telegram deliver again, which retries the job. */
async function whenFinished(
  { inbox, drain }: WebhookDeps,
  { source, key, lane, slots }: NewJob,
): Promise<Answer> {
  await drain(lane, slots)
  const job = await inbox.find(source, key)
  // A message that came before under another update id has no job under this one: the first delivery answers
  // for it.
  if (job === undefined || job.state !== 'waiting') return OK
  const seconds = Math.max(1, Math.ceil(job.dueInMs / 1000))
  return { kind: 'answer', status: 503, headers: { 'retry-after': String(seconds) } }
}

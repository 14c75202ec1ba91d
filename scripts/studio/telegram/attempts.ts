import type { Lane, Pending } from './lanes.ts'
import {
  createWebhookClient,
  type Webhook,
  type WebhookOutcome,
  type WebhookReply,
} from './webhook.ts'

/** Waits so many milliseconds; rejects when the signal aborts. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<void>

/**
 * One POST to the webhook and its outcome. `at` is ms since the epoch; `attempt` counts from 1, and again from 1 once the webhook was set anew.
 * `tookMs` is how long the whole answer took, of real time; null while there is none.
 */
export type Attempt = {
  updateId: number
  lane: string
  attempt: number
  at: number
  tookMs: number | null
  outcome: WebhookOutcome | null
  next: 'under-way' | 'acknowledged' | 'dropped' | Resend
}

export type Resend = { resendAfterSeconds: number }

export type AttemptOptions = {
  now: () => number
  delay: Delay
  /** Multiplies the waits before a resend: 0.01 plays a minute in 0.6 s. */
  resendScale: number
  responseTimeoutMs: number
  /** Called with each attempt once its outcome is known. */
  onAttempt?: ((attempt: Attempt) => void) | undefined
  /** Runs the method that the webhook's answer calls. */
  perform: (reply: WebhookReply) => Promise<void>
}

/** tdlib/telegram-bot-api draws 60 to 120 s (WEBHOOK_MAX_RESEND_TIMEOUT); here it is always the middle. */
const RESEND_MAX_SECONDS = 90
const RETRY_AFTER_MAX_SECONDS = 3600

/** Posts updates to the webhook, records each attempt, and waits before a resend. */
export function createAttempts(options: AttemptOptions) {
  const { now, delay, resendScale, responseTimeoutMs, perform } = options
  const client = createWebhookClient(responseTimeoutMs)
  const stopController = new AbortController()
  const record: Attempt[] = []
  /** Aborted when the webhook changes: each update that waits for its resend is then sent at once. */
  let waits = new AbortController()
  let lastError: { date: number; message: string } | null = null

  /** Posts an update and fills in its attempt; returns undefined when delivery was stopped meanwhile. */
  async function post(attempt: Attempt, head: Pending, to: Webhook) {
    const startedAt = performance.now()
    const outcome = await client.post(to.url, to.secret, head.update, stopController.signal)
    if (stopController.signal.aborted) return undefined
    attempt.outcome = outcome
    attempt.tookMs = performance.now() - startedAt
    if ('reply' in outcome && outcome.reply) await perform(outcome.reply)
    return outcome
  }

  return {
    record,
    lastError: () => lastError,
    isStopped: (): boolean => stopController.signal.aborted,

    /** Posts the head of a lane once and records it; returns what follows, undefined when delivery was stopped. */
    async attempt(lane: Lane, head: Pending, to: Webhook): Promise<Attempt['next'] | undefined> {
      const attempt = newAttempt(lane, head, now())
      record.push(attempt)
      const outcome = await post(attempt, head, to)
      if (!outcome) return undefined
      if (!outcome.ok && !head.isDropped) {
        lastError = { date: Math.floor(now() / 1000), message: outcome.error }
        attempt.next = resendOf(lane, head, outcome.retryAfterSeconds, now())
      } else {
        attempt.next = outcome.ok ? 'acknowledged' : 'dropped'
      }
      options.onAttempt?.(attempt)
      return attempt.next
    },

    /** Waits in a lane before a resend, for as long as the webhook stays the same. */
    async wait(lane: Lane, seconds: number): Promise<void> {
      const { signal } = waits
      const ms = seconds * 1000
      const before = now()
      try {
        await delay(ms * resendScale, signal)
        lane.ahead += Math.max(0, ms - (now() - before))
      } catch (error) {
        // A changed webhook ends the wait: this is no failure.
        if (!signal.aborted) throw error
      }
    },

    /** Forgets the last error and ends all waits, since the webhook is another one. */
    beginAnew(): void {
      lastError = null
      waits.abort()
      waits = new AbortController()
    },

    async stop(): Promise<void> {
      stopController.abort()
      waits.abort()
      await client.close()
    },
  }
}

function newAttempt(lane: Lane, head: Pending, at: number): Attempt {
  return {
    updateId: head.update.update_id,
    lane: lane.name,
    attempt: head.failures + 1,
    at,
    tookMs: null,
    outcome: null,
    next: 'under-way',
  }
}

/** Counts a failure of a lane's head and returns when to send it again, or 'dropped' where it expires before. */
function resendOf(
  lane: Lane,
  head: Pending,
  retryAfterSeconds: number,
  now: number,
): 'dropped' | Resend {
  let seconds = Math.min(retryAfterSeconds, RETRY_AFTER_MAX_SECONDS)
  if (seconds === 0 && head.failures > 0) {
    head.delaySeconds = Math.min(RESEND_MAX_SECONDS, head.delaySeconds * 2)
    seconds = head.delaySeconds
  }
  if (now + lane.ahead + seconds * 1000 > head.expiresAt) return 'dropped'
  head.failures += 1
  return { resendAfterSeconds: seconds }
}

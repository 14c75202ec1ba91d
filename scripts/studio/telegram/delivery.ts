import type { Update } from './objects.ts'
import { laneOf, lifetimeSeconds } from './updates.ts'
import { createWebhookClient, type WebhookOutcome, type WebhookReply } from './webhook.ts'

/** Waits so many milliseconds; rejects when the signal aborts. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<void>

/** Where updates go. `allowedUpdates` empty means the default list. */
export type Webhook = {
  url: string
  secret: string | null
  maxConnections: number
  allowedUpdates: readonly string[]
}

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
  next: 'under-way' | 'acknowledged' | 'dropped' | { resendAfterSeconds: number }
}

export type DeliveryOptions = {
  now: () => number
  delay: Delay
  /** Multiplies the waits before a resend: 0.01 plays a minute in 0.6 s. */
  resendScale: number
  responseTimeoutMs: number
  /** Runs the method that the webhook's answer calls. */
  perform: (reply: WebhookReply) => Promise<void>
}

type Pending = {
  update: Update
  expiresAt: number
  failures: number
  delaySeconds: number
  isDropped: boolean
}

/** `ahead` is how far, in ms, this lane's clock has run ahead of `now` through waits that were scaled or skipped. */
type Lane = { name: string; queue: Pending[]; ahead: number }

export type Delivery = ReturnType<typeof createDelivery>

/** tdlib/telegram-bot-api draws 60 to 120 s (WEBHOOK_MAX_RESEND_TIMEOUT); here it is always the middle. */
const RESEND_MAX_SECONDS = 90
const RETRY_AFTER_MAX_SECONDS = 3600

/**
 * Delivers updates to a webhook as Telegram does: in order within a lane, lanes in parallel, each update again until 2xx.
 *
 * Source: tdlib/telegram-bot-api, WebhookActor.cpp. An update whose lifetime ends before its next resend is dropped.
 */
export function createDelivery({
  now,
  delay,
  resendScale,
  responseTimeoutMs,
  perform,
}: DeliveryOptions) {
  const lanes = new Map<string, Lane>()
  const attempts: Attempt[] = []
  const waiters: PromiseWithResolvers<void>[] = []
  const client = createWebhookClient(responseTimeoutMs)
  const stopping = new AbortController()
  let ready: Lane[] = []
  let webhook: Webhook | null = null
  let inFlight = 0
  /** Aborted when the webhook changes: then all that waits for a resend is tried at once. */
  let waits = new AbortController()
  let lastError: { date: number; message: string } | null = null

  function enqueue(update: Update, lane = laneOf(update)): void {
    const standing = lanes.get(lane)
    const lifetimeMs = lifetimeSeconds(update, now() / 1000) * 1000
    const expiresAt = now() + (standing?.ahead ?? 0) + lifetimeMs
    const fresh = { failures: 0, delaySeconds: 1, isDropped: false }
    const pending: Pending = { update, expiresAt, ...fresh }
    if (standing) {
      standing.queue.push(pending)
    } else {
      const newLane = { name: lane, queue: [pending], ahead: 0 }
      lanes.set(lane, newLane)
      ready.push(newLane)
    }
    pump()
  }

  function pump(): void {
    while (webhook && !stopping.signal.aborted && inFlight < webhook.maxConnections) {
      const lane = ready.shift()
      const head = lane?.queue[0]
      if (!lane || !head) break
      inFlight += 1
      void post(lane, head, webhook)
    }
    settle()
  }

  async function post(lane: Lane, head: Pending, to: Webhook): Promise<void> {
    const attempt: Attempt = {
      updateId: head.update.update_id,
      lane: lane.name,
      attempt: head.failures + 1,
      at: now(),
      tookMs: null,
      outcome: null,
      next: 'under-way',
    }
    attempts.push(attempt)
    const startedAt = performance.now()
    const outcome = await client.post(to.url, to.secret, head.update, stopping.signal)
    if (stopping.signal.aborted) return
    attempt.outcome = outcome
    attempt.tookMs = performance.now() - startedAt
    if ('reply' in outcome && outcome.reply) await perform(outcome.reply)
    inFlight -= 1
    if (outcome.ok || head.isDropped) {
      attempt.next = outcome.ok ? 'acknowledged' : 'dropped'
      advance(lane)
    } else {
      lastError = { date: Math.floor(now() / 1000), message: outcome.error }
      await resend(lane, head, attempt, outcome.retryAfterSeconds)
    }
  }

  function advance(lane: Lane): void {
    do lane.queue.shift()
    while (lane.queue[0]?.isDropped)
    if (lane.queue.length > 0) ready.push(lane)
    else lanes.delete(lane.name)
    pump()
  }

  async function resend(
    lane: Lane,
    head: Pending,
    attempt: Attempt,
    retryAfter: number,
  ): Promise<void> {
    let seconds = Math.min(retryAfter, RETRY_AFTER_MAX_SECONDS)
    if (seconds === 0 && head.failures > 0) {
      head.delaySeconds = Math.min(RESEND_MAX_SECONDS, head.delaySeconds * 2)
      seconds = head.delaySeconds
    }
    if (now() + lane.ahead + seconds * 1000 > head.expiresAt) {
      attempt.next = 'dropped'
      advance(lane)
      return
    }
    head.failures += 1
    attempt.next = { resendAfterSeconds: seconds }
    if (seconds > 0) await waitInLane(lane, seconds * 1000)
    if (stopping.signal.aborted) return
    if (head.isDropped) {
      advance(lane)
    } else {
      ready.push(lane)
      pump()
    }
  }

  async function waitInLane(lane: Lane, ms: number): Promise<void> {
    // Free connections are for the other lanes meanwhile.
    pump()
    const { signal } = waits
    const before = now()
    try {
      await delay(ms * resendScale, signal)
      lane.ahead += Math.max(0, ms - (now() - before))
    } catch (error) {
      // A changed webhook ends the wait: this is no failure.
      if (!signal.aborted) throw error
    }
  }

  function pending(): Pending[] {
    return [...lanes.values()].flatMap(({ queue }) => queue.filter(({ isDropped }) => !isDropped))
  }

  function hasPending(): boolean {
    for (const { queue } of lanes.values()) if (queue.some((item) => !item.isDropped)) return true
    return false
  }

  function settle(): void {
    if (waiters.length === 0) return
    const isWaiting = hasPending()
    if (isWaiting && webhook) return
    for (const settler of waiters.splice(0)) {
      if (isWaiting) {
        const count = pending().length
        settler.reject(new Error(`${count} updates wait, and no webhook is set to take them`))
      } else {
        settler.resolve()
      }
    }
  }

  function dropPending(): void {
    const keep = new Set(ready)
    ready = []
    for (const lane of lanes.values()) {
      // A lane that is ready has nothing under way; of any other the head is being posted or waits.
      if (keep.has(lane)) lanes.delete(lane.name)
      else lane.queue.splice(1)
      for (const item of lane.queue) item.isDropped = true
    }
  }

  return {
    attempts,
    enqueue,

    setWebhook(newWebhook: Webhook | null, options: { dropPending: boolean }): void {
      webhook = newWebhook
      lastError = null
      if (options.dropPending) dropPending()
      waits.abort()
      waits = new AbortController()
      for (const item of pending()) Object.assign(item, { failures: 0, delaySeconds: 1 })
      pump()
    },

    webhook: (): Webhook | null => webhook,
    lastError: () => lastError,
    pendingCount: (): number => pending().length,

    /** What `getUpdates` gives while no webhook is set: everything before `offset` is confirmed by asking. */
    poll(offset: number, limit: number): Update[] {
      for (const { queue } of lanes.values()) {
        for (const item of queue) if (item.update.update_id < offset) item.isDropped = true
      }
      sweepDropped()
      return pending()
        .map(({ update }) => update)
        .toSorted((a, b) => a.update_id - b.update_id)
        .slice(0, limit)
    },

    settled(): Promise<void> {
      const settler = Promise.withResolvers<void>()
      waiters.push(settler)
      settle()
      return settler.promise
    },

    async stop(): Promise<void> {
      stopping.abort()
      waits.abort()
      for (const settler of waiters.splice(0)) settler.reject(new Error('Telegram was stopped'))
      await client.close()
    },
  }

  function sweepDropped(): void {
    for (const lane of ready) lane.queue = lane.queue.filter(({ isDropped }) => !isDropped)
    for (const lane of ready) if (lane.queue.length === 0) lanes.delete(lane.name)
    ready = ready.filter(({ queue }) => queue.length > 0)
  }
}

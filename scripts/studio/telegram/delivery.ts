import { type AttemptOptions, createAttempts } from './attempts.ts'
import { createLanes, type Lane, type Pending } from './lanes.ts'
import type { Update } from './objects.ts'
import { createSettlement } from './settlement.ts'
import type { Webhook } from './webhook.ts'

export type Delivery = ReturnType<typeof createDelivery>

/**
 * Delivers updates to a webhook as Telegram does: in order within a lane, lanes in parallel, each update again until 2xx.
 *
 * Source: tdlib/telegram-bot-api, WebhookActor.cpp. An update whose lifetime ends before its next resend is dropped.
 */
export function createDelivery(options: AttemptOptions) {
  const lanes = createLanes()
  const attempts = createAttempts(options)
  const settlement = createSettlement(lanes)
  let webhook: Webhook | null = null
  let inFlight = 0

  /** Posts the heads of ready lanes, as many as the webhook takes at once. */
  function pump(): void {
    while (webhook && !attempts.isStopped() && inFlight < webhook.maxConnections) {
      const lane = lanes.takeReady()
      const head = lane?.queue[0]
      if (!lane || !head) break
      inFlight += 1
      void deliver(lane, head, webhook)
    }
    settlement.settle(webhook !== null)
  }

  async function deliver(lane: Lane, head: Pending, to: Webhook): Promise<void> {
    const next = await attempts.attempt(lane, head, to)
    if (next === undefined) return
    inFlight -= 1
    const isResent = typeof next === 'object'
    if (isResent && next.resendAfterSeconds > 0) {
      // Free connections are for the other lanes meanwhile.
      pump()
      await attempts.wait(lane, next.resendAfterSeconds)
      if (attempts.isStopped()) return
    }
    if (isResent && !head.isDropped) lanes.makeReady(lane)
    else lanes.advance(lane)
    pump()
  }

  return {
    attempts: attempts.record,
    lastError: attempts.lastError,
    webhook: (): Webhook | null => webhook,
    pendingCount: (): number => lanes.pending().length,

    enqueue(update: Update, lane?: string): void {
      lanes.enqueue(update, options.now(), lane)
      pump()
    },

    setWebhook(newWebhook: Webhook | null, { dropPending }: { dropPending: boolean }): void {
      webhook = newWebhook
      if (dropPending) lanes.dropAll()
      attempts.beginAnew()
      lanes.forgetFailures()
      pump()
    },

    /** The updates that `getUpdates` returns while no webhook is set; the call confirms those before `offset`. */
    poll(offset: number, limit: number): Update[] {
      lanes.dropBefore(offset)
      return lanes
        .pending()
        .map(({ update }) => update)
        .toSorted((a, b) => a.update_id - b.update_id)
        .slice(0, limit)
    },

    settled(): Promise<void> {
      const settlementEnd = settlement.wait()
      settlement.settle(webhook !== null)
      return settlementEnd
    },

    async stop(): Promise<void> {
      settlement.fail(new Error('Telegram was stopped'))
      await attempts.stop()
    },
  }
}

import { setTimeout } from 'node:timers/promises'
import type { Attempt, Delay } from './attempts.ts'
import type { Call } from './calls.ts'
import type { ChatView } from './chats.ts'
import { type ArrangedFault, type CallMatcher, createFaults, type Fault } from './faults.ts'
import type { StoredFile } from './files.ts'
import { createLearner, type Learner } from './learner.ts'
import type { Chat, Update, User } from './objects.ts'
import { startServer } from './server.ts'
import { createWorld, type WorldOptions } from './world.ts'

/** Of its world, by default: `Date.now`, a timer, a bot of its own. */
export type TelegramOptions = Partial<WorldOptions> & {
  /** Default: any free port. */
  port?: number
  token?: string
}

export type TelegramStandIn = {
  /** What TELEGRAM_API_ROOT is set to. */
  url: string
  /** What TELEGRAM_BOT_TOKEN is set to. */
  token: string
  bot: User
  /** A learner in a chat, by default the private one. The chat exists from then on. */
  learner(user: User, chat?: Chat): Learner
  /**
   * Queues an update for delivery, with the id it has or else the next one, and returns it.
   *
   * The same update queued again is a duplicate. In a `lane` of its own, an update runs beside those before it.
   */
  deliver(update: Partial<Update>, lane?: string): Update
  /** Resolves when every queued update was acknowledged or dropped; rejects when no webhook is set to take them. */
  settled(): Promise<void>
  /** How many updates wait for their acknowledgement. */
  pendingCount(): number
  /** Sets the webhook from code, as `setWebhook` would; null removes it. */
  setWebhook(
    url: string | null,
    secret?: string,
    settings?: { maxConnections?: number; allowedUpdates?: string[] },
  ): void
  /** Every call so far, in order: the live record. */
  calls: readonly Call[]
  callsOf(method: string): Call[]
  /** Every POST to the webhook so far, in order. */
  attempts: readonly Attempt[]
  /** A chat as its learner sees it now. */
  chat(id: number): ChatView
  /** A file in a message, by its id. */
  file(id: string): StoredFile | undefined
  /** Arranges a fault for the next `times` calls that match (default 1). */
  failNext(matcher: CallMatcher, fault: Fault, times?: number): ArrangedFault
  /** Delays every answer from now on by so many milliseconds; effects still take place at once. */
  setLatency(ms: number): void
  /** The learner's privacy setting: no voice messages. */
  forbidVoice(chatId: number, isForbidden?: boolean): void
  /** The learner blocks the bot, or unblocks it. The bot gets no update about it. */
  block(chatId: number, isBlocked?: boolean): void
  stop(): Promise<void>
}

const timer: Delay = (ms, signal) => setTimeout(ms, undefined, { signal })

const BOT: User = {
  id: 12345,
  is_bot: true,
  first_name: 'Honzík',
  username: 'honzik_stand_in_bot',
}

/**
 * Starts a stand-in for Telegram and its Bot API on a port of this machine.
 *
 * It keeps all calls and all chats in memory until it is stopped.
 */
export async function startTelegram(options: TelegramOptions = {}): Promise<TelegramStandIn> {
  const { now = Date.now, delay = timer, bot = BOT, token = '12345:stand-in', port = 0 } = options
  const world = createWorld({ ...options, now, delay, bot })
  const { chats, files, calls, delivery, subscription, queue } = world
  const faults = createFaults()
  const stopController = new AbortController()
  let nextQueryId = 1
  const learnerWorld = { chats, files, now, queue, nextQueryId: () => String(nextQueryId++) }
  let latencyMs = 0

  async function wait(ms: number): Promise<void> {
    if (ms + latencyMs <= 0) return
    await delay(ms + latencyMs, stopController.signal).catch((error: unknown) => {
      // The stop of the stand-in ends the wait: this is no failure.
      if (!stopController.signal.aborted) throw error
    })
  }

  const server = await startServer({
    port,
    token,
    wait,
    keep: files.keep,
    record: calls.record,
    perform: calls.perform,
    takeFault: faults.take,
  })

  return {
    url: server.url,
    token,
    bot,
    learner: (user, chat) => createLearner(learnerWorld, user, chat),
    deliver: (update, lane) => queue(update, lane),
    settled: delivery.settled,
    pendingCount: delivery.pendingCount,
    setWebhook(url, secret, { maxConnections = 40, allowedUpdates } = {}) {
      if (allowedUpdates) subscription.types = allowedUpdates
      const webhook = url === null ? null : { url, secret: secret ?? null, maxConnections }
      delivery.setWebhook(webhook && { ...webhook, allowedUpdates: subscription.types }, {
        dropPending: false,
      })
    },
    calls: calls.list,
    callsOf: (method) => calls.list.filter((call) => call.method === method),
    attempts: delivery.attempts,
    chat: chats.view,
    file: files.find,
    failNext: (matcher, fault, times = 1) => faults.arrange(matcher, fault, times),
    setLatency: (ms) => {
      latencyMs = ms
    },
    forbidVoice: (chatId, isForbidden = true) => {
      chats.get(chatId).isVoiceForbidden = isForbidden
    },
    block: (chatId, isBlocked = true) => {
      chats.get(chatId).isBlocked = isBlocked
    },
    async stop() {
      stopController.abort()
      await Promise.all([delivery.stop(), server.stop()])
    },
  }
}

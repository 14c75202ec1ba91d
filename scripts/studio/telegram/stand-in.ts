import { setTimeout } from 'node:timers/promises'
import { answerOf } from './answer.ts'
import type { Attempt, Delay } from './attempts.ts'
import { type ChatView, createChats } from './chats.ts'
import { createDelivery } from './delivery.ts'
import { type ArrangedFault, type CallMatcher, createFaults, type Fault } from './faults.ts'
import { createFiles } from './files.ts'
import { createLearner, type Learner } from './learner.ts'
import { mediaMethods } from './media.ts'
import { type Method, messageMethods } from './methods.ts'
import type { Chat, Payload, Update, User } from './objects.ts'
import { readPayload } from './request.ts'
import { type Call, type Reply, refusalReply, startServer } from './server.ts'
import { profileMethods, webhookMethods } from './settings.ts'
import { isAllowed, messageOf } from './updates.ts'
import type { WebhookReply } from './webhook.ts'

export type TelegramOptions = {
  /** Default: any free port. */
  port?: number
  token?: string
  bot?: User
  /** Milliseconds since the epoch; default `Date.now`. */
  now?: () => number
  /** Every wait of the stand-in goes through it: before a resend, before a slow answer. Default: a timer. */
  delay?: Delay
  /** Multiplies the waits before a resend; default 1. */
  resendScale?: number
  /** How long a webhook may take, in ms; default 60 s, as Telegram. */
  responseTimeoutMs?: number
  firstUpdateId?: number
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

/**
 * Starts a stand-in for Telegram and its Bot API on a port of this machine.
 *
 * It keeps all calls and all chats in memory until it is stopped.
 */
export async function startTelegram(options: TelegramOptions = {}): Promise<TelegramStandIn> {
  const { now = Date.now, delay = timer, token = '12345:stand-in' } = options
  const {
    bot = { id: 12345, is_bot: true, first_name: 'Honzík', username: 'honzik_stand_in_bot' },
  } = options
  const calls: Call[] = []
  const queries = new Map<string, number>()
  const subscription: { types: readonly string[] } = { types: [] }
  const stopping = new AbortController()
  const chats = createChats(now)
  const files = createFiles()
  const faults = createFaults()
  let nextUpdateId = options.firstUpdateId ?? 700_000_001
  let nextQueryId = 1
  let latencyMs = 0

  const delivery = createDelivery({
    now,
    delay,
    resendScale: options.resendScale ?? 1,
    responseTimeoutMs: options.responseTimeoutMs ?? 60_000,
    perform: performReply,
  })

  const methods = new Map<string, Method>(
    Object.entries({
      ...messageMethods({ chats, bot, now }, queries),
      ...mediaMethods({ chats, bot, now }, files),
      ...webhookMethods(delivery, subscription),
      ...profileMethods(bot),
    }),
  )
  const spelling = new Map([...methods.keys()].map((name) => [name.toLowerCase(), name]))

  function record(name: string, payload: Payload, via: Call['via'] = 'http'): Call {
    const call: Call = {
      order: calls.length,
      at: now(),
      method: spelling.get(name.toLowerCase()) ?? name,
      payload,
      via,
      fault: null,
      wasPerformed: false,
      result: null,
      response: null,
      end: 'under-way',
    }
    calls.push(call)
    return call
  }

  function perform(call: Call): Reply {
    call.wasPerformed = true
    if (call.method === 'downloadFile') {
      const file = files.findByPath(String(call.payload.file_path))
      return file ? { status: 200, body: file.bytes } : refusalReply(404, 'Not Found')
    }
    const method = methods.get(call.method)
    if (!method) return refusalReply(404, 'Not Found: method not found')
    const answer = answerOf(() => method(call.payload, call.order))
    call.result = answer
    return { status: answer.ok ? 200 : answer.error_code, body: answer }
  }

  /** Runs the method that a webhook's answer calls, where Telegram allows it there. The bot does not get the result. */
  async function performReply({ contentType, body }: WebhookReply): Promise<void> {
    const query = new URLSearchParams()
    // Telegram ignores a body that it cannot read: the update is acknowledged all the same.
    const reading: Promise<Payload> = readPayload(query, contentType, body, files.keep)
    const { method, ...payload } = await reading.catch((): Payload => ({}))
    if (typeof method !== 'string' || method === '') return
    if (/^(get|setwebhook$|deletewebhook$|close$|logout$)/i.test(method)) return
    const call = record(method, payload, 'webhook-reply')
    perform(call)
    call.end = 'unobserved'
  }

  function queue<Content extends object>(content: Content, lane?: string) {
    const update: Content & { update_id: number } = { update_id: nextUpdateId, ...content }
    nextUpdateId = Math.max(nextUpdateId, update.update_id + 1)
    register(update)
    if (isAllowed(update, subscription.types)) delivery.enqueue(update, lane)
    return update
  }

  /** Adds the chat, message and query of an update made by hand, so that the bot can answer it; it may be malformed. */
  function register(update: Update): void {
    const message = messageOf(update)
    if (message) chats.open(message.chat)
    if (message && message === update.message && !chats.find(message.chat.id, message.message_id)) {
      chats.add(message, { author: 'learner', file: null, call: null, markup: null })
    }
    const query = update.callback_query
    const chat = query?.message?.chat
    if (chat) chats.open(chat)
    if (query) queries.set(query.id, chat?.id ?? query.from?.id)
  }

  const server = await startServer({
    port: options.port ?? 0,
    token,
    keep: files.keep,
    record,
    takeFault: faults.take,
    perform,
    wait: async (ms) => {
      if (ms + latencyMs > 0) await delay(ms + latencyMs, stopping.signal).catch(ignoreStop)
    },
  })

  function ignoreStop(error: unknown): void {
    if (!stopping.signal.aborted) throw error
  }

  return {
    url: server.url,
    token,
    bot,
    learner: (user, chat) =>
      createLearner(
        { chats, files, now, queue, nextQueryId: () => String(nextQueryId++) },
        user,
        chat,
      ),
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
    calls,
    callsOf: (method) => calls.filter((call) => call.method === method),
    attempts: delivery.attempts,
    chat: chats.view,
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
      stopping.abort()
      await Promise.all([delivery.stop(), server.stop()])
    },
  }
}

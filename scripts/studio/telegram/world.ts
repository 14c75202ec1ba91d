import type { AttemptOptions, Delay } from './attempts.ts'
import { createCalls } from './calls.ts'
import { type ChatsOptions, createChats } from './chats.ts'
import { createDelivery } from './delivery.ts'
import { createFiles } from './files.ts'
import { mediaMethods } from './media-methods.ts'
import { messageMethods } from './message-methods.ts'
import type { User } from './objects.ts'
import { profileMethods } from './profile-methods.ts'
import { createUpdateQueue } from './update-queue.ts'
import type { Subscription } from './updates.ts'
import { webhookMethods } from './webhook-methods.ts'

export type WorldOptions = {
  /** Milliseconds since the epoch. */
  now: () => number
  /** Every wait goes through it: before a resend, before a slow answer. */
  delay: Delay
  bot: User
  /** Multiplies the waits before a resend; default 1. */
  resendScale?: number
  /** How long a webhook may take, in ms; default 60 s, as Telegram. */
  responseTimeoutMs?: number
  firstUpdateId?: number
  /** The id of the first message in each chat; a run that keeps its database must not begin at 1 again. */
  firstMessageId?: ChatsOptions['firstMessageId']
  /** Called with each thing that happens in a chat, after it has taken place. */
  onEvent?: ChatsOptions['onEvent']
  /** Called with each POST to the webhook once its outcome is known. */
  onAttempt?: AttemptOptions['onAttempt']
}

/** What exists at Telegram for one bot: chats, files, and the two ways between them and the bot, calls and updates. */
export function createWorld(options: WorldOptions) {
  const { now, delay, bot, firstMessageId, onEvent } = options
  const { resendScale = 1, responseTimeoutMs = 60_000, firstUpdateId = 700_000_001 } = options
  const chats = createChats({ now, firstMessageId, onEvent })
  const files = createFiles()
  const queries = new Map<string, number>()
  const subscription: Subscription = { types: [] }
  const delivery = createDelivery({
    now,
    delay,
    resendScale,
    responseTimeoutMs,
    onAttempt: options.onAttempt,
    perform: (reply) => calls.performReply(reply),
  })
  const methods = {
    ...messageMethods({ chats, bot, now }, queries),
    ...mediaMethods({ chats, bot, now }, files),
    ...webhookMethods(delivery, subscription),
    ...profileMethods(bot),
  }
  const calls = createCalls({ methods, files, now })
  const queue = createUpdateQueue({ chats, queries, delivery, subscription, firstUpdateId })
  return { chats, files, calls, delivery, subscription, queue }
}

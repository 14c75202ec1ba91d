import type { Chats } from './chats.ts'
import type { Delivery } from './delivery.ts'
import type { Update } from './objects.ts'
import { isAllowed, messageOf, type Subscription } from './updates.ts'

export type UpdateQueueWorld = {
  chats: Chats
  /** The chat ids of callback queries. */
  queries: Map<string, number>
  delivery: Delivery
  subscription: Subscription
  firstUpdateId: number
}

/** Makes the function that numbers updates and queues those the bot subscribes to for delivery. */
export function createUpdateQueue(world: UpdateQueueWorld) {
  const { chats, queries, delivery, subscription, firstUpdateId } = world
  let nextUpdateId = firstUpdateId

  return function queue<Content extends object>(content: Content, lane?: string) {
    const update: Content & { update_id: number } = { update_id: nextUpdateId, ...content }
    nextUpdateId = Math.max(nextUpdateId, update.update_id + 1)
    register(update, chats, queries)
    if (isAllowed(update, subscription)) delivery.enqueue(update, lane)
    return update
  }
}

/** Adds the chat, message and query of an update made by hand, so that the bot can answer it; it may be malformed. */
function register(update: Update, chats: Chats, queries: Map<string, number>): void {
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

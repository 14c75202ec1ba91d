import { type Chat, isObject, type Message, type Update, type User } from './objects.ts'

const MESSAGE_LIFETIME_SECONDS = 86_400
const QUERY_LIFETIME_SECONDS = 150
/** Types that are delivered only when `allowed_updates` names them. */
const OPTIONAL_TYPES = ['chat_member', 'message_reaction', 'message_reaction_count']

/** What kind of update it is: the name of its one field besides `update_id`; '' when it has none. */
function updateType(update: Update): string {
  return Object.keys(update).find((name) => name !== 'update_id') ?? ''
}

/** Whether updates like this one are delivered: `allowed` empty means the default list. */
export function isAllowed(update: Update, allowed: readonly string[]): boolean {
  const type = updateType(update)
  return allowed.length === 0 ? !OPTIONAL_TYPES.includes(type) : allowed.includes(type)
}

/** The message an update brings, new or edited. */
export function messageOf(update: Update): Message | undefined {
  const type = updateType(update)
  const isMessage = type.endsWith('message') || type.endsWith('channel_post')
  const value = update[type]
  return isMessage && isMessageObject(value) ? value : undefined
}

function isMessageObject(value: unknown): value is Message {
  return isObject(value) && isObject(value.chat) && Number.isInteger(value.message_id)
}

/**
 * The queue an update stands in: its chat, or for what has no chat its user.
 *
 * Source: tdlib/telegram-bot-api, Client.cpp, `webhook_queue_id`. What belongs to no queue gets one of its own.
 */
export function laneOf(update: Update): string {
  const type = updateType(update)
  const value = update[type]
  if (isObject(value)) {
    if (isObject(value.chat)) return `chat:${value.chat.id}`
    if (isObject(value.from)) {
      const userId = value.from.id
      if (type === 'callback_query') return `tap:${userId}`
      if (type === 'pre_checkout_query') return `pay:${userId}`
      return `${type}:${userId}`
    }
  }
  return `update:${update.update_id}`
}

/** For how long, from `nowSeconds`, Telegram goes on trying to deliver an update. */
export function lifetimeSeconds(update: Update, nowSeconds: number): number {
  if (updateType(update).endsWith('_query')) return QUERY_LIFETIME_SECONDS
  const sent = messageOf(update)?.date ?? nowSeconds
  return sent + MESSAGE_LIFETIME_SECONDS - nowSeconds
}

/** The chat a private conversation with a user is. */
export function privateChat(user: User): Chat {
  const { id, first_name, username } = user
  return { id, type: 'private', first_name, ...(username !== undefined && { username }) }
}

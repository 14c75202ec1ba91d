import { type Chat, isObject, type Message, type Update, type User } from './objects.ts'

const MESSAGE_LIFETIME_SECONDS = 86_400
const QUERY_LIFETIME_SECONDS = 150
/** Types that are delivered only when `allowed_updates` names them. */
const OPTIONAL_TYPES = ['chat_member', 'message_reaction', 'message_reaction_count']

/** The type of an update: the name of its one field besides `update_id`; '' when it has none. */
function updateType(update: Update): string {
  return Object.keys(update).find((name) => name !== 'update_id') ?? ''
}

/** The update types that a bot subscribes to; none at all mean the default list. */
export type Subscription = { types: readonly string[] }

/** Whether an update is of a subscribed type. */
export function isAllowed(update: Update, { types }: Subscription): boolean {
  const type = updateType(update)
  return types.length === 0 ? !OPTIONAL_TYPES.includes(type) : types.includes(type)
}

/** The message in an update, new or edited. */
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
 * The lane of an update: its chat, or its user where it has no chat.
 *
 * Source: tdlib/telegram-bot-api, Client.cpp, `webhook_queue_id`. An update with neither gets a lane of its own.
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

/** For how long, from `nowSeconds`, Telegram tries to deliver an update. */
export function lifetimeSeconds(update: Update, nowSeconds: number): number {
  if (updateType(update).endsWith('_query')) return QUERY_LIFETIME_SECONDS
  const sentAt = messageOf(update)?.date ?? nowSeconds
  return sentAt + MESSAGE_LIFETIME_SECONDS - nowSeconds
}

/** The private chat of a user. */
export function privateChat(user: User): Chat {
  const { id, first_name, username } = user
  return { id, type: 'private', first_name, ...(username !== undefined && { username }) }
}

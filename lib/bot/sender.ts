import type { Update } from 'telegraf/types'

/**
 * Tells whether a person has written or pressed, in their own name.
 *
 * Bots answer all that they get, for ever; a channel or a group that writes by its own name is read by many, and what
 * was made by way of a bot (`via_bot`) are not the learner's words.
 */
export function isFromPerson(update: Update): boolean {
  const message = messageOf(update)
  const query = 'callback_query' in update ? update.callback_query : undefined
  const sender = query?.from ?? message?.from
  if (sender?.is_bot === true) return false
  if (message === undefined) return true
  return !OTHER_SENDERS.some((field) => field in message)
}

const OTHER_SENDERS = ['sender_chat', 'via_bot', 'sender_business_bot', 'is_automatic_forward']

function messageOf(update: Update) {
  if ('message' in update) return update.message
  return 'edited_message' in update ? update.edited_message : undefined
}

import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { NewJob } from '../../app/jobs/inbox.ts'
import { readJson } from '../body.ts'

/**
 * The fields that decide an update's lane and slots, and no others: a new or changed field of the Bot API must not
 * silence a message. Handlers check the other fields that they use.
 */
const Message = z.object({
  message_id: z.int(),
  chat: z.object({ id: z.int() }),
  text: z.string().optional().catch(undefined),
  successful_payment: z.unknown().optional(),
})
const Query = z.object({ id: z.string().optional(), from: z.object({ id: z.int() }) })
const Update = z.object({
  update_id: z.int(),
  message: Message.optional(),
  edited_message: Message.extend({ edit_date: z.int().optional() }).optional(),
  callback_query: Query.optional(),
  pre_checkout_query: Query.optional(),
})
type Update = z.infer<typeof Update>

/** A delivery's job; its hash tells whether another delivery under its update id is the same. */
export type DeliveredJob = NewJob & { requestHash: Uint8Array }

/**
 * The job of a webhook delivery. Bytes that are no update become poison, stored for a person to look at and
 * keyed by their hash where they have no id.
 */
export function jobOfDelivery(botId: string, payload: Uint8Array): DeliveredJob {
  const source = `tg:${botId}` as const
  const json = readJson(payload)
  const { data: update } = Update.safeParse(json)
  if (update === undefined) {
    const requestHash = sha256(payload)
    return {
      source,
      key: poisonKey(json, requestHash),
      lane: 'poison',
      slots: 'quick',
      payload,
      requestHash,
      poison: true,
    }
  }
  const { message } = update
  return {
    source,
    key: String(update.update_id),
    lane: laneOf(update),
    slots: slotsOf(update),
    payload,
    requestHash: sha256(JSON.stringify(identityOf(update))),
    ...(message && { message: { chatId: message.chat.id, messageId: message.message_id } }),
  }
}

/** The key of a delivery whose update id was another one's: Telegram's numbering has begun anew. */
export function keyOfReusedId({ key, requestHash }: DeliveredJob): string {
  return `${key}:${Buffer.from(requestHash).toString('hex').slice(0, 16)}`
}

function laneOf({ message, edited_message, callback_query, pre_checkout_query }: Update): string {
  // Behind the message that was edited.
  const chat = message?.chat ?? edited_message?.chat
  if (chat) return `chat:${chat.id}`
  if (callback_query) return `tap:${callback_query.from.id}`
  if (pre_checkout_query) return `pay:${pre_checkout_query.from.id}`
  return 'other'
}

/** Only what is said to the tutor is a lesson: commands, presses, payments and edits have a short answer. */
function slotsOf({ message }: Update): 'quick' | 'lesson' {
  if (message === undefined || message.successful_payment !== undefined) return 'quick'
  return message.text?.startsWith('/') === true ? 'quick' : 'lesson'
}

/** What identifies an update, apart from its number. */
function identityOf({ message, edited_message, callback_query, pre_checkout_query }: Update) {
  const edit = edited_message && [
    edited_message.edit_date,
    edited_message.message_id,
    edited_message.chat.id,
  ]
  const query = callback_query ?? pre_checkout_query
  return [
    message && [message.chat.id, message.message_id],
    edit,
    query && [query.id, query.from.id],
  ]
}

function poisonKey(json: unknown, hash: Uint8Array): string {
  const { data } = z.object({ update_id: z.int() }).safeParse(json)
  return data === undefined ? `poison:${Buffer.from(hash).toString('hex')}` : String(data.update_id)
}

function sha256(content: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(content).digest())
}

import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { NewJob } from '../../app/jobs/inbox.ts'
import { readJson } from '../body.ts'

/**
 * The fields that decide an update's lane, and no others: a new or changed field of the Bot API must not
 * silence a message. Handlers check the other fields that they use.
 */
const Update = z.object({
  update_id: z.int(),
  message: z.object({ message_id: z.int(), chat: z.object({ id: z.int() }) }).optional(),
  callback_query: z.object({ from: z.object({ id: z.int() }) }).optional(),
  pre_checkout_query: z.object({ from: z.object({ id: z.int() }) }).optional(),
})

/**
 * The job of a webhook delivery. Bytes that are no update become poison, stored for a person to look at and
 * keyed by their hash where they have no id.
 */
export function jobOfDelivery(botId: string, payload: Uint8Array): NewJob {
  const source = `tg:${botId}`
  const json = readJson(payload)
  const { data: update } = Update.safeParse(json)
  if (update === undefined) {
    return { source, key: poisonKey(json, payload), lane: 'poison', payload, poison: true }
  }
  const { message } = update
  return {
    source,
    key: String(update.update_id),
    lane: laneOf(update),
    payload,
    ...(message && { message: { chatId: message.chat.id, messageId: message.message_id } }),
  }
}

function laneOf({ message, callback_query, pre_checkout_query }: z.infer<typeof Update>): string {
  if (message) return `chat:${message.chat.id}`
  if (callback_query) return `tap:${callback_query.from.id}`
  if (pre_checkout_query) return `pay:${pre_checkout_query.from.id}`
  return 'other'
}

function poisonKey(json: unknown, payload: Uint8Array): string {
  const { data } = z.object({ update_id: z.int() }).safeParse(json)
  return data === undefined
    ? `poison:${createHash('sha256').update(payload).digest('hex')}`
    : String(data.update_id)
}

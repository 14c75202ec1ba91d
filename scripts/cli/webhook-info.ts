import { z } from 'zod'
import type { CallTelegram } from '../../lib/adapters/telegram/call.ts'

const WebhookInfo = z.object({
  url: z.string(),
  pending_update_count: z.number(),
  max_connections: z.number().optional(),
  allowed_updates: z.array(z.string()).optional(),
  last_error_date: z.number().optional(),
  last_error_message: z.string().default(''),
})
/** Telegram's record of a bot's webhook; `url` is empty where there is none, dates are in seconds. */
export type WebhookInfo = z.infer<typeof WebhookInfo>

export async function readWebhookInfo(call: CallTelegram): Promise<WebhookInfo> {
  return WebhookInfo.parse(await call('getWebhookInfo', {}))
}

/** The lines that show it to a person. */
export function linesOf(info: WebhookInfo): string[] {
  const { last_error_date: date, last_error_message: message } = info
  const allowedUpdates = info.allowed_updates?.join(', ')
  return [
    `url              ${info.url || 'none: no webhook is set'}`,
    `pending updates  ${info.pending_update_count}`,
    `max connections  ${info.max_connections ?? '-'}`,
    `allowed updates  ${allowedUpdates || "Telegram's default"}`,
    `last error       ${date ? `${new Date(date * 1000).toISOString()}: ${message}` : 'none'}`,
  ]
}

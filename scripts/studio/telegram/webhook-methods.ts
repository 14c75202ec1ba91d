import { badRequest, refusal } from './answer.ts'
import type { Delivery } from './delivery.ts'
import type { Method } from './message-methods.ts'
import type { Payload } from './objects.ts'
import { flagOf, integerOf, textOf } from './request.ts'
import type { Subscription } from './updates.ts'
import type { Webhook } from './webhook.ts'

const MAX_CONNECTIONS_DEFAULT = 40
const MAX_CONNECTIONS_MAX = 100

/** Every update type a webhook may ask for. https://core.telegram.org/bots/api#update */
const UPDATE_TYPES = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'message_reaction',
  'message_reaction_count',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'poll',
  'poll_answer',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
]

/** The methods about the webhook. `subscription` holds the allowed update types, which outlive a webhook's removal. */
export function webhookMethods(
  delivery: Delivery,
  subscription: Subscription,
): Record<string, Method> {
  return {
    setWebhook(payload) {
      const dropPending = flagOf(payload, 'drop_pending_updates')
      if (textOf(payload, 'url') === '') {
        delivery.setWebhook(null, { dropPending })
        return true
      }
      const webhook = webhookOf(payload, subscription.types)
      subscription.types = webhook.allowedUpdates
      delivery.setWebhook(webhook, { dropPending })
      return true
    },

    deleteWebhook(payload) {
      delivery.setWebhook(null, { dropPending: flagOf(payload, 'drop_pending_updates') })
      return true
    },

    getWebhookInfo() {
      const webhook = delivery.webhook()
      const error = delivery.lastError()
      return {
        url: webhook?.url ?? '',
        has_custom_certificate: false,
        pending_update_count: delivery.pendingCount(),
        ...(webhook && { max_connections: webhook.maxConnections }),
        ...(subscription.types.length > 0 && { allowed_updates: subscription.types }),
        ...(webhook && error && { last_error_date: error.date, last_error_message: error.message }),
      }
    },

    getUpdates(payload) {
      if (delivery.webhook()) {
        throw refusal(
          409,
          "Conflict: can't use getUpdates method while webhook is active; " +
            'use deleteWebhook to delete the webhook first',
        )
      }
      const limit = Math.min(100, Math.max(1, integerOf(payload, 'limit') ?? 100))
      return delivery.poll(integerOf(payload, 'offset') ?? 0, limit)
    },
  }
}

function webhookOf(payload: Payload, allowedBefore: readonly string[]): Webhook {
  const url = textOf(payload, 'url')
  if (!URL.canParse(url)) throw badRequest('invalid webhook URL specified')
  const { protocol, hostname } = new URL(url)
  // Telegram itself takes HTTPS only: plain HTTP is for the application under test on this machine.
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) {
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
  }
  const secret = textOf(payload, 'secret_token')
  if (secret.length > 256) throw badRequest('secret token is too long')
  if (!/^[\w-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters')
  const connections = integerOf(payload, 'max_connections') ?? MAX_CONNECTIONS_DEFAULT
  return {
    url,
    secret: secret === '' ? null : secret,
    // Telegram clamps a number out of range.
    maxConnections: Math.min(MAX_CONNECTIONS_MAX, Math.max(1, connections)),
    allowedUpdates: allowedUpdatesOf(payload) ?? allowedBefore,
  }
}

function allowedUpdatesOf(payload: Payload): string[] | undefined {
  const types = payload.allowed_updates
  if (types === undefined || types === '') return undefined
  if (!Array.isArray(types)) throw badRequest("can't parse allowed updates JSON object")
  return types.map(String).filter((type) => UPDATE_TYPES.includes(type))
}

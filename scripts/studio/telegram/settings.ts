import { badRequest, refusal } from './answer.ts'
import type { Delivery } from './delivery.ts'
import type { Method } from './methods.ts'
import { isObject, type Payload, type User } from './objects.ts'
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

/** The methods by which a bot describes itself. */
export function profileMethods(bot: User): Record<string, Method> {
  const commands = new Map<string, unknown[]>()
  const descriptions = new Map<string, string>()

  const setter =
    (field: string, maxLength: number, tooLong: string): Method =>
    (payload) => {
      const text = textOf(payload, field)
      if ([...text].length > maxLength) throw badRequest(tooLong)
      descriptions.set(`${field} ${languageOf(payload)}`, text)
      return true
    }
  // Without a text for this language, Telegram shows the one for all languages.
  const getter =
    (field: string): Method =>
    (payload) => {
      const own = descriptions.get(`${field} ${languageOf(payload)}`)
      return { [field]: own || (descriptions.get(`${field} `) ?? '') }
    }

  return {
    getMe: () => ({
      ...bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),

    setMyCommands(payload) {
      commands.set(audienceOf(payload), commandsOf(payload))
      return true
    },
    getMyCommands: (payload) => commands.get(audienceOf(payload)) ?? [],
    deleteMyCommands(payload) {
      commands.delete(audienceOf(payload))
      return true
    },

    setMyDescription: setter('description', 512, 'DESCRIPTION_TOO_LONG'),
    getMyDescription: getter('description'),
    setMyShortDescription: setter('short_description', 120, 'ABOUT_TOO_LONG'),
    getMyShortDescription: getter('short_description'),
  }
}

const SCOPES = [
  'default',
  'all_private_chats',
  'all_group_chats',
  'all_chat_administrators',
  'chat',
  'chat_administrators',
  'chat_member',
]

function languageOf(payload: Payload): string {
  const language = textOf(payload, 'language_code')
  if (!/^([a-z]{2})?$/.test(language)) throw badRequest('invalid language code specified')
  return language
}

/** The audience of a list of commands, as a key. */
function audienceOf(payload: Payload): string {
  const scope = payload.scope ?? { type: 'default' }
  if (!isObject(scope)) throw badRequest("can't parse BotCommandScope JSON object")
  if (typeof scope.type !== 'string' || !SCOPES.includes(scope.type)) {
    throw badRequest("can't parse BotCommandScope: unsupported type specified")
  }
  return [scope.type, scope.chat_id, scope.user_id, languageOf(payload)].join(' ')
}

function commandsOf(payload: Payload): { command: string; description: string }[] {
  const items = payload.commands
  if (!Array.isArray(items)) throw badRequest("can't parse commands list JSON object")
  if (items.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  return items.map((item) => {
    if (!isObject(item)) throw badRequest("can't parse BotCommand: expected an Object")
    const command = String(item.command ?? '')
      .trim()
      .replace(/^\//, '')
    const description = String(item.description ?? '').trim()
    if (command === '') throw badRequest('command must be non-empty')
    if (command.length > 32) throw badRequest('command length must not exceed 32')
    if (description === '') throw badRequest('command description must be non-empty')
    if ([...description].length > 256) {
      throw badRequest('command description length must not exceed 256')
    }
    if (!/^[a-z\d_]+$/.test(command)) throw badRequest('BOT_COMMAND_INVALID')
    return { command, description }
  })
}

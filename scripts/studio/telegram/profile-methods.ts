import { badRequest } from './answer.ts'
import type { Method } from './message-methods.ts'
import { isObject, type Payload, type User } from './objects.ts'
import { textOf } from './request.ts'

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
      const ownText = descriptions.get(`${field} ${languageOf(payload)}`)
      return { [field]: ownText || (descriptions.get(`${field} `) ?? '') }
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

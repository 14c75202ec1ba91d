import { badRequest, refusal } from './answer.ts'
import type { Chats, SeenMessage } from './chats.ts'
import { inlineMarkupOf, markupOf } from './markup.ts'
import {
  type Formatted,
  isObject,
  type Message,
  type Payload,
  type ReplyMarkup,
  type User,
} from './objects.ts'
import { REACTIONS } from './reactions.ts'
import { flagOf, integerOf, textOf } from './request.ts'
import { formattedText } from './text.ts'

/** A method of the Bot API: returns the `result`, or throws a refusal. `call` is the order of the call. */
export type Method = (payload: Payload, call: number) => unknown

/** Length limits in UTF-16 units, after the markup is parsed. https://core.telegram.org/bots/api#sendmessage */
const TEXT_MAX = 4096
const CALLBACK_ANSWER_MAX = 200
/** A bot may delete for everyone what is younger. */
const DELETABLE_SECONDS = 48 * 3600

const CHAT_ACTIONS = [
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
]

export type MessageWorld = {
  chats: Chats
  bot: User
  /** Milliseconds since the epoch. */
  now: () => number
}

/** The methods that put text into chats and change what is there. `queries` maps known callback queries to chat ids. */
export function messageMethods(
  world: MessageWorld,
  queries: Map<string, number>,
): Record<string, Method> {
  const { chats } = world

  return {
    sendMessage(payload, call) {
      const chatId = reachableChatId(chats, payload)
      const { text, entities } = checkedText(payload, 'message is too long')
      return send(world, payload, call, chatId, { text, ...(entities.length > 0 && { entities }) })
    },

    editMessageText(payload, call) {
      const old = editable(chats, payload)
      const { text, entities } = checkedText(payload, 'MESSAGE_TOO_LONG')
      if (old.message.text === undefined) {
        throw badRequest('there is no text in the message to edit')
      }
      const { entities: _, ...rest } = old.message
      const message = { ...rest, text, ...(entities.length > 0 && { entities }) }
      return edit(world, old, message, inlineMarkupOf(payload), call)
    },

    editMessageReplyMarkup(payload, call) {
      const old = editable(chats, payload)
      return edit(world, old, old.message, inlineMarkupOf(payload), call)
    },

    deleteMessage(payload, call) {
      const chatId = chatIdOf(payload)
      chats.get(chatId)
      const found = chats.find(chatId, messageIdOf(payload))
      if (!found) throw badRequest('message to delete not found')
      if (world.now() / 1000 - found.message.date > DELETABLE_SECONDS) {
        throw badRequest("message can't be deleted for everyone")
      }
      chats.remove(chatId, found.id, call)
      return true
    },

    sendChatAction(payload, call) {
      const chatId = reachableChatId(chats, payload)
      const action = textOf(payload, 'action')
      if (!CHAT_ACTIONS.includes(action)) throw badRequest('wrong parameter action in request')
      chats.show(chatId, action, call)
      return true
    },

    setMessageReaction(payload, call) {
      const found = chats.find(reachableChatId(chats, payload), messageIdOf(payload))
      if (!found) throw badRequest('message to react not found')
      chats.react(found, reactionsOf(payload), call)
      return true
    },

    answerCallbackQuery(payload, call) {
      const queryId = textOf(payload, 'callback_query_id')
      const chatId = queries.get(queryId)
      if (chatId === undefined) {
        throw badRequest('query is too old and response timeout expired or query ID is invalid')
      }
      const text = textOf(payload, 'text')
      if (text.length > CALLBACK_ANSWER_MAX) throw badRequest('MESSAGE_TOO_LONG')
      chats.notify(chatId, { queryId, text, isAlert: flagOf(payload, 'show_alert') }, call)
      return true
    },
  }
}

function chatIdOf(payload: Payload): number {
  if (textOf(payload, 'chat_id') === '') throw badRequest('chat_id is empty')
  const id = integerOf(payload, 'chat_id')
  if (id === undefined) throw badRequest('chat not found')
  return id
}

/** The id of a chat the bot may write to. */
export function reachableChatId(chats: Chats, payload: Payload): number {
  const id = chatIdOf(payload)
  if (chats.get(id).isBlocked) throw refusal(403, 'Forbidden: bot was blocked by the user')
  return id
}

function messageIdOf(payload: Payload): number {
  const id = integerOf(payload, 'message_id')
  if (id === undefined || id === 0) throw badRequest('message identifier is not specified')
  return id
}

function checkedText(payload: Payload, tooLong: string): Formatted {
  const formatted = formattedText(payload, 'text')
  if (formatted.text === '') throw badRequest('message text is empty')
  if (formatted.text.length > TEXT_MAX) throw badRequest(tooLong)
  return formatted
}

/** Puts a message of the bot's into a chat and returns it; `content` is all but what every message has. */
export function send(
  { chats, bot, now }: MessageWorld,
  payload: Payload,
  call: number,
  chatId: number,
  content: Partial<Message>,
  file: SeenMessage['file'] = null,
): Message {
  const { chat } = chats.get(chatId)
  const replied = repliedMessage(chats, payload, chatId)
  const markup = markupOf(payload)
  const message: Message = {
    message_id: chats.nextMessageId(chat),
    from: bot,
    chat,
    date: Math.floor(now() / 1000),
    ...(replied && { reply_to_message: replied }),
    ...content,
    // The Bot API tells of inline keyboards only, though the learner sees the others too.
    ...(markup?.inline_keyboard && { reply_markup: markup }),
  }
  chats.put(message, { author: 'bot', file, call, markup: markup ?? null })
  return message
}

/** The message a payload replies to, without what that one replied to. */
function repliedMessage(chats: Chats, payload: Payload, chatId: number): Message | undefined {
  const given = payload.reply_parameters
  if (given !== undefined && !isObject(given)) {
    throw badRequest("can't parse reply parameters JSON object")
  }
  const parameters: Payload = given ?? {
    message_id: payload.reply_to_message_id,
    allow_sending_without_reply: payload.allow_sending_without_reply,
  }
  const id = integerOf(parameters, 'message_id')
  if (id === undefined) return undefined
  const found = chats.find(integerOf(parameters, 'chat_id') ?? chatId, id)
  if (!found && !flagOf(parameters, 'allow_sending_without_reply')) {
    throw badRequest('message to be replied not found')
  }
  if (!found) return undefined
  const { reply_to_message: _, ...replied } = found.message
  return replied
}

/** The bot's own message that a payload wants to edit. */
function editable(chats: Chats, payload: Payload): SeenMessage {
  const chatId = reachableChatId(chats, payload)
  const found = chats.find(chatId, messageIdOf(payload))
  if (!found) throw badRequest('message to edit not found')
  // "It is currently only possible to edit messages without reply_markup or with inline keyboards."
  const hadReplyKeyboard = found.markup !== null && !found.markup.inline_keyboard
  if (found.author !== 'bot' || hadReplyKeyboard) throw badRequest("message can't be edited")
  return found
}

/** Edits text and keyboard together: an edit that names no keyboard takes the old one away, as Telegram's does. */
function edit(
  { chats, now }: MessageWorld,
  old: SeenMessage,
  changed: Message,
  markup: ReplyMarkup | undefined,
  call: number,
): Message {
  const { reply_markup: _, ...rest } = changed
  const message: Message = { ...rest, ...(markup && { reply_markup: markup }) }
  const content = ({ text, entities, reply_markup }: Message) =>
    JSON.stringify([text, entities, reply_markup])
  if (content(message) === content(old.message)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same ' +
        'as a current content and reply markup of the message',
    )
  }
  const edited = { ...message, edit_date: Math.floor(now() / 1000) }
  chats.replace(old, edited, call)
  return edited
}

function reactionsOf(payload: Payload): string[] {
  const given = payload.reaction ?? []
  if (!Array.isArray(given)) throw badRequest("can't parse reaction types JSON object")
  const emoji = given.map((reaction) =>
    isObject(reaction) && reaction.type === 'emoji'
      ? String(reaction.emoji).replaceAll('\uFE0F', '')
      : '',
  )
  if (!emoji.every((one) => REACTIONS.includes(one))) throw badRequest('REACTION_INVALID')
  if (emoji.length > 1) throw badRequest('REACTIONS_TOO_MANY')
  return emoji
}

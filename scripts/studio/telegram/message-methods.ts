import { badRequest, refusal } from './answer.ts'
import type { ChatMessage, Chats } from './chats.ts'
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
export const CAPTION_MAX = 1024
const CALLBACK_ANSWER_MAX = 200
/** A bot may delete younger messages for everyone. */
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

/** The methods that send messages to chats, change them and delete them. `queries` maps callback queries to chat ids. */
export function messageMethods(
  world: MessageWorld,
  queries: Map<string, number>,
): Record<string, Method> {
  const { chats } = world

  return {
    sendMessage(payload, call) {
      const chatId = reachableChatId(chats, payload)
      const { text, entities } = nonEmptyText(payload, 'message is too long')
      return send(world, payload, call, chatId, { text, ...(entities.length > 0 && { entities }) })
    },

    editMessageText(payload, call) {
      const oldMessage = editableMessage(chats, payload)
      const { text, entities } = nonEmptyText(payload, 'MESSAGE_TOO_LONG')
      if (oldMessage.message.text === undefined) {
        throw badRequest('there is no text in the message to edit')
      }
      const { entities: _, ...otherFields } = oldMessage.message
      const message = { ...otherFields, text, ...(entities.length > 0 && { entities }) }
      return edit(world, oldMessage, message, inlineMarkupOf(payload), call)
    },

    editMessageCaption(payload, call) {
      const oldMessage = editableMessage(chats, payload)
      const { text: caption, entities } = formattedText(payload, 'caption')
      if (caption.length > CAPTION_MAX) throw badRequest('message caption is too long')
      if (oldMessage.message.text !== undefined) {
        throw badRequest('there is no caption in the message to edit')
      }
      const { caption: _, caption_entities: __, ...otherFields } = oldMessage.message
      const message = {
        ...otherFields,
        ...(caption !== '' && { caption }),
        ...(entities.length > 0 && { caption_entities: entities }),
      }
      return edit(world, oldMessage, message, inlineMarkupOf(payload), call)
    },

    editMessageReplyMarkup(payload, call) {
      const oldMessage = editableMessage(chats, payload)
      return edit(world, oldMessage, oldMessage.message, inlineMarkupOf(payload), call)
    },

    deleteMessage(payload, call) {
      const chatId = chatIdOf(payload)
      chats.get(chatId)
      const chatMessage = chats.find(chatId, messageIdOf(payload))
      if (!chatMessage) throw badRequest('message to delete not found')
      if (world.now() / 1000 - chatMessage.message.date > DELETABLE_SECONDS) {
        throw badRequest("message can't be deleted for everyone")
      }
      chats.remove(chatId, chatMessage.id, call)
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
      const chatMessage = chats.find(reachableChatId(chats, payload), messageIdOf(payload))
      if (!chatMessage) throw badRequest('message to react not found')
      chats.react(chatMessage, reactionsOf(payload), call)
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

function nonEmptyText(payload: Payload, tooLong: string): Formatted {
  const content = formattedText(payload, 'text')
  if (content.text === '') throw badRequest('message text is empty')
  if (content.text.length > TEXT_MAX) throw badRequest(tooLong)
  return content
}

/** Sends a message of the bot's to a chat and returns it; `content` holds the fields that not every message has. */
export function send(
  { chats, bot, now }: MessageWorld,
  payload: Payload,
  call: number,
  chatId: number,
  content: Partial<Message>,
  file: ChatMessage['file'] = null,
): Message {
  const { chat } = chats.get(chatId)
  const replyTarget = replyTargetOf(chats, payload, chatId)
  const markup = markupOf(payload)
  const message: Message = {
    message_id: chats.nextMessageId(chat),
    from: bot,
    chat,
    date: Math.floor(now() / 1000),
    ...(replyTarget && { reply_to_message: replyTarget }),
    ...content,
    // The Bot API returns inline keyboards only, though the learner sees the others too.
    ...(markup?.inline_keyboard && { reply_markup: markup }),
  }
  chats.add(message, { author: 'bot', file, call, markup: markup ?? null })
  return message
}

/** The message that a payload replies to, without the `reply_to_message` of its own. */
function replyTargetOf(chats: Chats, payload: Payload, chatId: number): Message | undefined {
  const value = payload.reply_parameters
  if (value !== undefined && !isObject(value)) {
    throw badRequest("can't parse reply parameters JSON object")
  }
  const parameters: Payload = value ?? {
    message_id: payload.reply_to_message_id,
    allow_sending_without_reply: payload.allow_sending_without_reply,
  }
  const id = integerOf(parameters, 'message_id')
  if (id === undefined) return undefined
  const target = chats.find(integerOf(parameters, 'chat_id') ?? chatId, id)
  if (!target && !flagOf(parameters, 'allow_sending_without_reply')) {
    throw badRequest('message to be replied not found')
  }
  if (!target) return undefined
  const { reply_to_message: _, ...message } = target.message
  return message
}

/** The bot's own message that a payload wants to edit. */
function editableMessage(chats: Chats, payload: Payload): ChatMessage {
  const chatId = reachableChatId(chats, payload)
  const chatMessage = chats.find(chatId, messageIdOf(payload))
  if (!chatMessage) throw badRequest('message to edit not found')
  // "It is currently only possible to edit messages without reply_markup or with inline keyboards."
  const hadReplyKeyboard = chatMessage.markup !== null && !chatMessage.markup.inline_keyboard
  if (chatMessage.author !== 'bot' || hadReplyKeyboard) throw badRequest("message can't be edited")
  return chatMessage
}

/** Edits text and keyboard together: an edit that names no keyboard takes the old one away, as Telegram's does. */
function edit(
  { chats, now }: MessageWorld,
  oldMessage: ChatMessage,
  newMessage: Message,
  markup: ReplyMarkup | undefined,
  call: number,
): Message {
  const { reply_markup: _, ...otherFields } = newMessage
  const message: Message = { ...otherFields, ...(markup && { reply_markup: markup }) }
  const content = ({ text, entities, caption, caption_entities, reply_markup }: Message) =>
    JSON.stringify([text, entities, caption, caption_entities, reply_markup])
  if (content(message) === content(oldMessage.message)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same ' +
        'as a current content and reply markup of the message',
    )
  }
  const datedMessage = { ...message, edit_date: Math.floor(now() / 1000) }
  chats.replace(oldMessage, datedMessage, call)
  return datedMessage
}

function reactionsOf(payload: Payload): string[] {
  const reactions = payload.reaction ?? []
  if (!Array.isArray(reactions)) throw badRequest("can't parse reaction types JSON object")
  const emoji = reactions.map((reaction) =>
    isObject(reaction) && reaction.type === 'emoji'
      ? String(reaction.emoji).replaceAll('\uFE0F', '')
      : '',
  )
  if (!emoji.every((symbol) => REACTIONS.includes(symbol))) throw badRequest('REACTION_INVALID')
  if (emoji.length > 1) throw badRequest('REACTIONS_TOO_MANY')
  return emoji
}

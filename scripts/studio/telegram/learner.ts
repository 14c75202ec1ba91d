import type { Chats } from './chats.ts'
import { type FileKind, type Files, type StoredFile, sniff } from './files.ts'
import { fileContent } from './media-methods.ts'
import type { CallbackQuery, Chat, Entity, Message, Update, User } from './objects.ts'
import { privateChat } from './updates.ts'

export type MessageUpdate = Update & { message: Message }
export type EditUpdate = Update & { edited_message: Message }
export type TapUpdate = Update & { callback_query: CallbackQuery }

/** `duration` is in seconds; `fileSize`, in bytes, declares a size that differs from the real one. */
export type VoiceDetails = { duration: number; fileSize?: number; mimeType?: string }
export type FileDetails = {
  duration?: number
  fileSize?: number
  mimeType?: string
  fileName?: string
}

/** Further fields of a message: `reply_to_message`, `forward_origin`, `date`, ... */
export type MessageFields = Partial<Message>

/** One learner in one chat. Each act queues one update for delivery and returns it. */
export type Learner = {
  user: User
  chat: Chat
  says(text: string, fields?: MessageFields): MessageUpdate
  sendsVoice(bytes: Uint8Array, details: VoiceDetails, fields?: MessageFields): MessageUpdate
  sendsFile(
    kind: FileKind,
    bytes: Uint8Array,
    details?: FileDetails,
    fields?: MessageFields,
  ): MessageUpdate
  /** Sends a message with just these fields besides id, sender, chat and date. */
  sends(fields: MessageFields): MessageUpdate
  /** Changes the text of one of the learner's own messages. */
  edits(messageId: number, text: string): EditUpdate
  /** Deletes a message for both, as a private chat allows. The bot gets no update about it. */
  deletes(messageId: number): void
  /** Taps a button that is, or once was, under a message: old screens show old buttons. Throws for any other. */
  taps(messageId: number, callbackData: string): TapUpdate
}

export type LearnerWorld = {
  chats: Chats
  files: Files
  now: () => number
  /** Numbers an update and queues it. */
  queue: <Content extends object>(content: Content) => Content & { update_id: number }
  nextQueryId: () => string
}

/** Makes the learner for a user in a chat; the default is the private one. */
export function createLearner(world: LearnerWorld, user: User, chat = privateChat(user)): Learner {
  const { chats, files, now, queue, nextQueryId } = world
  chats.open(chat)

  function send(fields: MessageFields, file: StoredFile | null = null): MessageUpdate {
    const message: Message = {
      message_id: chats.nextMessageId(chat),
      from: user,
      chat,
      date: Math.floor(now() / 1000),
      ...fields,
    }
    chats.add(message, { author: 'learner', file, call: null, markup: null })
    return queue({ message })
  }

  function sendFile(
    kind: FileKind,
    bytes: Uint8Array,
    details: FileDetails,
    fields: MessageFields,
  ): MessageUpdate {
    const { fileSize, mimeType = sniff(bytes)?.mimeType, fileName, duration } = details
    const file = files.add(kind, bytes, {
      ...(fileSize !== undefined && { file_size: fileSize }),
      ...(mimeType !== undefined && { mime_type: mimeType }),
      ...(fileName !== undefined && { file_name: fileName }),
      ...(duration !== undefined && { duration }),
    })
    return send({ ...fileContent(file), ...fields }, file)
  }

  return {
    user,
    chat,
    says: (text, fields = {}) => send({ ...textContent(text), ...fields }),
    sendsVoice: (bytes, details, fields = {}) =>
      sendFile('voice', bytes, { mimeType: 'audio/ogg', ...details }, fields),
    sendsFile: (kind, bytes, details = {}, fields = {}) => sendFile(kind, bytes, details, fields),
    sends: (fields) => send(fields),

    edits(messageId, text) {
      const oldMessage = chats.find(chat.id, messageId)
      if (oldMessage?.author !== 'learner')
        throw new Error('Only a message of the learner can be edited')
      const { entities: _, ...otherFields } = oldMessage.message
      const message = { ...otherFields, ...textContent(text), edit_date: Math.floor(now() / 1000) }
      chats.replace(oldMessage, message, null)
      return queue({ edited_message: message })
    },

    deletes: (messageId) => chats.remove(chat.id, messageId, null),

    taps(messageId, callbackData) {
      return queue({ callback_query: tap(messageId, callbackData) })
    },
  }

  function tap(messageId: number, data: string): CallbackQuery {
    return {
      id: nextQueryId(),
      from: user,
      chat_instance: String(chat.id),
      message: tappedMessage(messageId, data),
      data,
    }
  }

  function tappedMessage(messageId: number, data: string): Message {
    const chatMessage = chats.find(chat.id, messageId)
    // A deleted message stays on a learner's screen for a moment; a tap on it brings an "inaccessible message".
    if (!chatMessage) return { message_id: messageId, chat, date: 0 }
    const hadButton = [...chatMessage.revisions, chatMessage.message].some((version) =>
      version.reply_markup?.inline_keyboard?.flat().some((button) => button.callback_data === data),
    )
    if (!hadButton)
      throw new Error(`Message ${messageId} never had a button with the data "${data}"`)
    return chatMessage.message
  }
}

/** The text of a learner's message, with the commands in it marked as Telegram marks them. */
function textContent(text: string): { text: string; entities?: Entity[] } {
  const commands = [...text.matchAll(/(?<=^|\s)\/[a-z\d_]{1,32}(@[a-z\d_]{3,32})?(?=\s|$)/gi)]
  const entities = commands.map(({ 0: { length }, index: offset }) => ({
    type: 'bot_command',
    offset,
    length,
  }))
  return entities.length > 0 ? { text, entities } : { text }
}

import type { ChatMessage, ChatView as TelegramChat } from '../telegram/chats.ts'
import type { StoredFile } from '../telegram/files.ts'
import { isObject, type Message } from '../telegram/objects.ts'
import type { ButtonView, ChatView, FileView, MessageView } from '../view.ts'

/** What is known of a message besides what Telegram has. */
export type MessageRemarks = Pick<MessageView, 'updateId' | 'imitations' | 'costUsd'>

/** A chat as the page draws it. */
export function chatView(
  { chat, messages, history }: TelegramChat,
  remarksOf: (message: ChatMessage) => MessageRemarks,
): ChatView {
  const lastAction = history.findLastIndex(({ kind }) => kind === 'action')
  const action = history[lastAction]
  const isOver = history
    .slice(lastAction + 1)
    .some(({ kind, call }) => kind === 'sent' && call !== null)
  const lastNotice = history.findLastIndex(({ kind }) => kind === 'notice')
  const notice = history[lastNotice]
  const orderedMessages = messages.toSorted((a, b) => a.id - b.id)
  const now = (id: number) => messages.find((message) => message.id === id)?.message
  return {
    learnerId: chat.id,
    messages: orderedMessages.map((message) => messageView(message, remarksOf(message), now)),
    action: action?.kind === 'action' && !isOver ? { name: action.action, id: lastAction } : null,
    notice:
      notice?.kind === 'notice' && notice.text !== ''
        ? { text: notice.text, isAlert: notice.isAlert, id: lastNotice }
        : null,
  }
}

function messageView(
  chatMessage: ChatMessage,
  remarks: MessageRemarks,
  now: (id: number) => Message | undefined,
): MessageView {
  const { id, author, message, file, reactions, markup } = chatMessage
  return {
    id,
    author,
    at: message.date * 1000,
    isEdited: author === 'learner' && message.edit_date !== undefined,
    text: message.text ?? message.caption ?? '',
    entities: message.entities ?? message.caption_entities ?? [],
    media: file && { kind: file.kind, file: fileView(file) },
    buttons: (message.reply_markup?.inline_keyboard ?? []).map((row) => row.map(buttonView)),
    forceReply:
      markup?.force_reply === true
        ? { placeholder: String(markup.input_field_placeholder ?? '') }
        : null,
    replyTo: replyView(message, now),
    reactions,
    ...remarks,
  }
}

function buttonView(button: Record<string, unknown>): ButtonView {
  const { text, callback_data: data, url } = button
  return { text: String(text), data: stringOrNull(data), url: stringOrNull(url) }
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function fileView({ kind, bytes, object }: StoredFile): FileView {
  return {
    url: `/studio/files/${object.file_id}`,
    name: object.file_name ?? `${kind}-${object.file_unique_id}`,
    bytes: bytes.length,
    seconds: object.duration ?? 0,
  }
}

/** What a message answers, as that is now. */
function replyView(
  { reply_to_message: quotedMessage }: Message,
  now: (id: number) => Message | undefined,
): MessageView['replyTo'] {
  if (!isObject(quotedMessage)) return null
  const target = now(quotedMessage.message_id) ?? quotedMessage
  const text = target.text || target.caption || fileWords(target)
  return {
    id: target.message_id,
    author: target.from?.is_bot ? 'bot' : 'learner',
    text: text.split('\n')[0] ?? '',
  }
}

/** What Telegram shows in place of a file's own words. */
function fileWords({ voice, photo, document, audio, sticker }: Message): string {
  if (voice) return 'Voice message'
  if (photo) return 'Photo'
  return (document ?? audio)?.file_name ?? (sticker ? 'Sticker' : '')
}

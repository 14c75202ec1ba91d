/**
 * The Bot API's objects, as far as the stand-in makes or reads them.
 * Source: https://core.telegram.org/bots/api#available-types
 */
export type User = {
  id: number
  is_bot?: boolean
  first_name: string
  username?: string
  language_code?: string
}

export type Chat = {
  id: number
  type: 'private' | 'group' | 'supergroup' | 'channel'
  first_name?: string
  username?: string
  title?: string
}

/** `offset` and `length` count UTF-16 units, as JavaScript does. */
export type Entity = {
  type: string
  offset: number
  length: number
  url?: string
  language?: string
  user?: { id: number }
  custom_emoji_id?: string
}

export type Formatted = { text: string; entities: Entity[] }

export type Button = {
  text: string
  callback_data?: string
  url?: string
  [field: string]: unknown
}

export type ReplyMarkup = { inline_keyboard?: Button[][]; [field: string]: unknown }

/** A file inside a message. `file_size` is what Telegram declares, in bytes. */
export type FileObject = {
  file_id: string
  file_unique_id: string
  file_size?: number
  duration?: number
  mime_type?: string
  file_name?: string
  title?: string
  performer?: string
  width?: number
  height?: number
}

/** `date` and `edit_date` are seconds since the epoch. */
export type Message = {
  message_id: number
  from?: User
  chat: Chat
  date: number
  edit_date?: number
  text?: string
  entities?: Entity[]
  caption?: string
  caption_entities?: Entity[]
  voice?: FileObject
  audio?: FileObject
  document?: FileObject
  photo?: FileObject[]
  sticker?: FileObject
  reply_markup?: ReplyMarkup
  reply_to_message?: Message
  [field: string]: unknown
}

export type CallbackQuery = {
  id: string
  from: User
  message?: Message
  chat_instance: string
  data?: string
}

export type Update = {
  update_id: number
  message?: Message
  edited_message?: Message
  callback_query?: CallbackQuery
  [field: string]: unknown
}

/** A file in a request. */
export type Upload = { fileName: string; mimeType: string; bytes: Uint8Array }

/** The parameters of a method call: objects decoded, uploaded files as bytes. */
export type Payload = Record<string, unknown>

export function isUpload(value: unknown): value is Upload {
  return (
    typeof value === 'object' &&
    value !== null &&
    'bytes' in value &&
    value.bytes instanceof Uint8Array
  )
}

/** Whether a value is a plain JSON object: not null, not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

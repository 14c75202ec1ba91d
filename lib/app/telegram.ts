import type { Speech } from './lesson/speaker.ts'

/** What became of fetching a learner's voice note. */
export type Download =
  | { kind: 'downloaded'; bytes: Uint8Array }
  | { kind: 'voice-too-big' }
  /** Telegram does not have it any more. */
  | { kind: 'voice-expired' }

/** An inline keyboard as Telegram takes it: rows of buttons. */
export type Keyboard = { inline_keyboard: { text: string; callback_data: string }[][] }

export type SendOptions = {
  keyboard?: Keyboard
  replyTo?: number
  /** The text has no markup. */
  plain?: boolean
  /** Opens the learner's reply to this message, with these words in its empty field; such a message can never be edited. */
  forceReply?: string
}

/** A file as its reader gets it. */
export type TelegramFile = { name: string; mimeType: string; bytes: Uint8Array; caption: string }

export type SoundOptions = Pick<SendOptions, 'keyboard' | 'replyTo'>

/** A sound to send: its bytes, or one that Telegram has already. */
export type Sound = Speech | { fileId: string }

/** A message that holds a sound, and the name by which Telegram sends it again. */
export type SentSound = { messageId: number; fileId: string | null }

/**
 * What we ask of Telegram. Every call has its own deadline. Throws AppError 'telegram-*':
 * `failed` is the only one after which a message may have been sent all the same.
 */
export type Telegram = {
  /** Sends HTML; the message id. */
  sendMessage(chatId: number, html: string, options?: SendOptions): Promise<number>
  /** Edits a message; one that says so already counts as edited. `gone`: its reader has deleted it. */
  editMessage(
    chatId: number,
    messageId: number,
    html: string,
    options?: SendOptions,
  ): Promise<'edited' | 'gone'>
  /** Puts another keyboard under a message and leaves its text. */
  editKeyboard(chatId: number, messageId: number, keyboard: Keyboard): Promise<void>
  /** Edits the text under a sound, as `editMessage` does a message's. */
  editCaption(
    chatId: number,
    messageId: number,
    html: string,
    options?: SendOptions,
  ): Promise<'edited' | 'gone'>
  sendVoice(chatId: number, sound: Sound, options?: SoundOptions): Promise<SentSound>
  /** The same sound as a file, for those who forbid voice notes. */
  sendSoundFile(chatId: number, sound: Sound, options?: SoundOptions): Promise<SentSound>
  /** Sends a file; `caption` is plain text of at most 1,024 characters. */
  sendFile(chatId: number, file: TelegramFile): Promise<number>
  /** Shows "recording a voice message" for some 5 s. */
  showRecording(chatId: number): Promise<void>
  /** Ends the waiting of a button that was pressed; one that no longer waits counts as ended. */
  answerPress(queryId: string, text?: string): Promise<void>
  /** Fetches a file that a learner sent, `maxBytes` at most. */
  download(fileId: string, maxBytes: number, signal: AbortSignal): Promise<Download>
}

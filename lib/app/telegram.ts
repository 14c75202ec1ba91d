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
}

/** A file as its reader gets it. */
export type TelegramFile = { name: string; mimeType: string; bytes: Uint8Array; caption: string }

/** A sound has no keyboard: none that is given could be dropped in silence. */
export type SoundOptions = Pick<SendOptions, 'replyTo'>

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
  sendVoice(chatId: number, speech: Speech, options?: SoundOptions): Promise<number>
  /** The same sound as a file, for those who forbid voice notes. */
  sendSoundFile(chatId: number, speech: Speech, options?: SoundOptions): Promise<number>
  /** Sends a file; `caption` is plain text of at most 1,024 characters. */
  sendFile(chatId: number, file: TelegramFile): Promise<number>
  /** Shows "recording a voice message" for some 5 s. */
  showRecording(chatId: number): Promise<void>
  /** Ends the waiting of a button that was pressed; one that waits no more counts as ended. */
  answerPress(queryId: string, text?: string): Promise<void>
  /** Fetches a file that a learner sent, `maxBytes` at most. */
  download(fileId: string, maxBytes: number, signal: AbortSignal): Promise<Download>
}

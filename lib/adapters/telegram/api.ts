import { FormData } from 'undici'
import { z } from 'zod'
import { recover } from '../../app/error.ts'
import type { Log, Sleep } from '../../app/ports.ts'
import type {
  SendOptions,
  SentSound,
  Sound,
  SoundOptions,
  Telegram,
  TelegramFile,
} from '../../app/telegram.ts'
import { type CallTelegram, resultOf, type TelegramEndpoint, telegramCalls } from './call.ts'
import { downloadFile } from './download.ts'

const Message = z.object({ message_id: z.int() })
const SoundFile = z.object({ file_id: z.string() }).optional().catch(undefined)
/** Telegram sends some sounds as another kind than it was asked for. */
const SoundMessage = Message.extend({ voice: SoundFile, audio: SoundFile, document: SoundFile })

/** Telegram's Bot API over undici: telegraf routes, this sends. */
export function telegramApi(
  endpoint: TelegramEndpoint,
  deps: { log: Log; sleep: Sleep },
): Telegram {
  const call = telegramCalls(endpoint, deps)

  return {
    async sendMessage(chatId, html, options) {
      const payload = { chat_id: chatId, ...textPayload(html, options) }
      return idOf('sendMessage', await call('sendMessage', payload))
    },

    async editMessage(chatId, messageId, html, options) {
      const target = { chat_id: chatId, message_id: messageId }
      return editedOrGone(call('editMessageText', { ...target, ...textPayload(html, options) }))
    },

    async editCaption(chatId, messageId, html, options) {
      const target = { chat_id: chatId, message_id: messageId }
      const { text: caption, link_preview_options: _, ...fields } = textPayload(html, options)
      return editedOrGone(call('editMessageCaption', { ...target, caption, ...fields }))
    },

    async editKeyboard(chatId, messageId, keyboard) {
      const target = { chat_id: chatId, message_id: messageId }
      await ignoreRefusal(
        new RegExp(`${NOT_MODIFIED.source}|${MESSAGE_GONE.source}`, 'i'),
        call('editMessageReplyMarkup', { ...target, reply_markup: keyboard }),
      )
    },

    sendVoice: (chatId, sound, options) =>
      sendSound(call, 'sendVoice', 'voice', chatId, sound, options),

    sendSoundFile: (chatId, sound, options) =>
      sendSound(call, 'sendDocument', 'document', chatId, sound, options),

    sendFile: (chatId, file) => sendFile(call, chatId, file),

    async showRecording(chatId) {
      await call('sendChatAction', { chat_id: chatId, action: 'record_voice' })
    },

    async answerPress(queryId, text) {
      await ignoreRefusal(
        /query is too old|query ID is invalid|QUERY_ID_INVALID/i,
        call('answerCallbackQuery', { callback_query_id: queryId, ...(text && { text }) }),
      )
    },

    download: (fileId, maxBytes, signal) => downloadFile(endpoint, call, fileId, maxBytes, signal),
  }
}

const NOT_MODIFIED = /message is not modified|MESSAGE_NOT_MODIFIED/i
/** Its reader has deleted it. */
const MESSAGE_GONE =
  /message to edit not found|MESSAGE_ID_INVALID|message identifier is not specified/i

function editedOrGone(edit: Promise<unknown>): Promise<'edited' | 'gone'> {
  return recover(
    edit.then(() => 'edited' as const),
    ['telegram-rejected'],
    (error) => {
      if (NOT_MODIFIED.test(error.message)) return 'edited'
      if (MESSAGE_GONE.test(error.message)) return 'gone'
      throw error
    },
  )
}

function textPayload(
  text: string,
  { keyboard, replyTo, plain = false, forceReply }: SendOptions = {},
) {
  return {
    text,
    link_preview_options: { is_disabled: true },
    ...(!plain && { parse_mode: 'HTML' }),
    ...(keyboard && { reply_markup: keyboard }),
    ...(forceReply !== undefined && {
      reply_markup: { force_reply: true, input_field_placeholder: forceReply },
    }),
    ...(replyTo !== undefined && { reply_parameters: replyParameters(replyTo) }),
  }
}

// The message replied to may have been deleted: the reply goes out all the same.
function replyParameters(messageId: number) {
  return { message_id: messageId, allow_sending_without_reply: true }
}

async function sendSound(
  call: CallTelegram,
  method: string,
  field: string,
  chatId: number,
  sound: Sound,
  { keyboard, replyTo }: SoundOptions = {},
): Promise<SentSound> {
  const form = new FormData()
  form.set('chat_id', String(chatId))
  if ('fileId' in sound) form.set(field, sound.fileId)
  else {
    const { ogg, durationSeconds } = sound
    form.set(field, new Blob([new Uint8Array(ogg)], { type: 'audio/ogg' }), 'honzik.ogg')
    if (field === 'voice') form.set('duration', String(Math.max(1, Math.round(durationSeconds))))
  }
  if (keyboard !== undefined) form.set('reply_markup', JSON.stringify(keyboard))
  if (replyTo !== undefined) form.set('reply_parameters', JSON.stringify(replyParameters(replyTo)))
  const message = resultOf(SoundMessage, method, await call(method, form))
  const { voice, audio, document } = message
  return {
    messageId: message.message_id,
    fileId: (voice ?? audio ?? document)?.file_id ?? null,
  }
}

async function sendFile(
  call: CallTelegram,
  chatId: number,
  { name, mimeType, bytes, caption }: TelegramFile,
): Promise<number> {
  const form = new FormData()
  form.set('chat_id', String(chatId))
  form.set('caption', caption)
  form.set('document', new Blob([new Uint8Array(bytes)], { type: mimeType }), name)
  return idOf('sendDocument', await call('sendDocument', form))
}

function idOf(method: string, result: unknown): number {
  return resultOf(Message, method, result).message_id
}

/** Swallows a refusal whose message says that the work is done already. */
async function ignoreRefusal(alreadyDone: RegExp, call: Promise<unknown>): Promise<void> {
  await recover(call, ['telegram-rejected'], (error) => {
    if (!alreadyDone.test(error.message)) throw error
  })
}

import { FormData } from 'undici'
import { z } from 'zod'
import { hasCode } from '../../app/error.ts'
import type { SpokenReply } from '../../app/lesson/speaker.ts'
import type { Log, Sleep } from '../../app/ports.ts'
import type { SendOptions, Telegram } from '../../app/telegram.ts'
import { type CallTelegram, resultOf, type TelegramEndpoint, telegramCalls } from './call.ts'
import { downloadFile } from './download.ts'

const Message = z.object({ message_id: z.int() })

/** Telegram's Bot API over undici: telegraf routes, this sends. */
export function telegramApi(
  endpoint: TelegramEndpoint,
  deps: { log: Log; sleep: Sleep },
): Telegram {
  const call = telegramCalls(endpoint, deps)

  return {
    async sendMessage(chatId, html, options) {
      const payload = { chat_id: chatId, ...written(html, options) }
      return idOf('sendMessage', await call('sendMessage', payload))
    },

    async editMessage(chatId, messageId, html, options) {
      const which = { chat_id: chatId, message_id: messageId }
      await unless(ALREADY_EDITED, call('editMessageText', { ...which, ...written(html, options) }))
    },

    async editKeyboard(chatId, messageId, keyboard) {
      const which = { chat_id: chatId, message_id: messageId }
      await unless(
        ALREADY_EDITED,
        call('editMessageReplyMarkup', { ...which, reply_markup: keyboard }),
      )
    },

    sendVoice: (chatId, spoken, options) =>
      sendSound(call, 'sendVoice', 'voice', chatId, spoken, options),

    sendSoundFile: (chatId, spoken, options) =>
      sendSound(call, 'sendDocument', 'document', chatId, spoken, options),

    async showRecording(chatId) {
      await call('sendChatAction', { chat_id: chatId, action: 'record_voice' })
    },

    async answerPress(queryId, text) {
      await unless(
        /query is too old|query ID is invalid/i,
        call('answerCallbackQuery', { callback_query_id: queryId, ...(text && { text }) }),
      )
    },

    download: (fileId, maxBytes, signal) => downloadFile(endpoint, call, fileId, maxBytes, signal),
  }
}

const ALREADY_EDITED = /message is not modified|message to edit not found/i

function written(text: string, { keyboard, replyTo, plain = false }: SendOptions = {}) {
  return {
    text,
    link_preview_options: { is_disabled: true },
    ...(!plain && { parse_mode: 'HTML' }),
    ...(keyboard && { reply_markup: keyboard }),
    ...(replyTo !== undefined && { reply_parameters: replyParameters(replyTo) }),
  }
}

// What is answered may have been deleted: the answer goes out all the same.
function replyParameters(messageId: number) {
  return { message_id: messageId, allow_sending_without_reply: true }
}

async function sendSound(
  call: CallTelegram,
  method: string,
  field: string,
  chatId: number,
  { ogg, durationSeconds }: SpokenReply,
  { replyTo }: SendOptions = {},
): Promise<number> {
  const form = new FormData()
  form.set('chat_id', String(chatId))
  form.set(field, new Blob([new Uint8Array(ogg)], { type: 'audio/ogg' }), 'honzik.ogg')
  if (field === 'voice') form.set('duration', String(Math.max(1, Math.round(durationSeconds))))
  if (replyTo !== undefined) form.set('reply_parameters', JSON.stringify(replyParameters(replyTo)))
  return idOf(method, await call(method, form))
}

function idOf(method: string, result: unknown): number {
  return resultOf(Message, method, result).message_id
}

/** Refusals that mean it has been done already. */
async function unless(done: RegExp, calling: Promise<unknown>): Promise<void> {
  await calling.catch((error: unknown) => {
    if (!hasCode(error, 'telegram-rejected') || !done.test(error.message)) throw error
  })
}

import { badRequest } from './answer.ts'
import { type Button, isObject, type Payload, type ReplyMarkup } from './objects.ts'

const CALLBACK_DATA_MAX_BYTES = 64
/** https://limits.tginfo.me: the server refuses longer keyboards. */
const BUTTONS_MAX = 100

/** The fields of which a button of an inline keyboard needs one. */
const ACTIONS = [
  'callback_data',
  'url',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
]

/** The keyboard of a payload, checked as Telegram checks it; undefined when there is none or it is empty. */
export function markupOf(payload: Payload): ReplyMarkup | undefined {
  const markup = payload.reply_markup
  if (markup === undefined || markup === '') return undefined
  if (typeof markup === 'string') throw badRequest("can't parse reply keyboard markup JSON object")
  if (!isObject(markup)) throw badRequest('object expected as reply markup')
  if (markup.inline_keyboard !== undefined) return inlineKeyboard(markup.inline_keyboard)
  if (markup.keyboard !== undefined) checkReplyKeyboard(markup.keyboard)
  return { ...markup }
}

/** The keyboard of an edit, which may only be an inline one. */
export function inlineMarkupOf(payload: Payload): ReplyMarkup | undefined {
  const markup = markupOf(payload)
  if (markup && !markup.inline_keyboard) throw badRequest('inline keyboard expected')
  return markup
}

function inlineKeyboard(rows: unknown): ReplyMarkup | undefined {
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) {
    throw badRequest(
      'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    )
  }
  const buttonRows = rows.filter(({ length }) => length > 0).map((row) => row.map(inlineButton))
  if (buttonRows.flat().length > BUTTONS_MAX) throw badRequest('reply markup is too long')
  return buttonRows.length === 0 ? undefined : { inline_keyboard: buttonRows }
}

function inlineButton(value: unknown): Button {
  const buttonRefusal = (because: string) =>
    badRequest(`can't parse inline keyboard button: ${because}`)
  if (!isObject(value)) throw buttonRefusal('InlineKeyboardButton must be an Object')
  const { text, callback_data: data, url } = value
  if (typeof text !== 'string') throw buttonRefusal(`Can't find field "text"`)
  if (text.trim() === '') throw badRequest('inline keyboard button text must be non-empty')
  if (!ACTIONS.some((action) => value[action] !== undefined)) {
    throw buttonRefusal('Text buttons are unallowed in the inline keyboard')
  }
  if (data !== undefined) {
    const bytes = Buffer.byteLength(String(data))
    if (bytes < 1 || bytes > CALLBACK_DATA_MAX_BYTES) throw badRequest('BUTTON_DATA_INVALID')
  }
  if (url !== undefined && !/^[a-z][a-z\d+.-]*:\/\/\S+$|^[^\s.]+\.\S+$/i.test(String(url))) {
    throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`)
  }
  return {
    ...value,
    text,
    ...(data === undefined ? {} : { callback_data: String(data) }),
    ...(url === undefined ? {} : { url: String(url) }),
  }
}

function checkReplyKeyboard(rows: unknown): void {
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) {
    throw badRequest('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays')
  }
  for (const button of rows.flat()) {
    const text = isObject(button) ? button.text : button
    if (typeof text !== 'string' || text.trim() === '') {
      throw badRequest('keyboard button text must be non-empty')
    }
  }
}

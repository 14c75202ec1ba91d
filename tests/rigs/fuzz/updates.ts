import { recordings } from '../../../scripts/studio/openai/transcription.ts'
import type { Update } from '../../../scripts/studio/telegram/objects.ts'
import type { FuzzedProduct } from './product.ts'

/** The kinds of updates that are changed, as learners cause them. */
export const UPDATES = [
  'text',
  'voice',
  'command',
  'press',
  'photo',
  'edit',
  'group',
  'stranger',
  'unknown',
] as const
export type UpdateKind = (typeof UPDATES)[number]

/** Keys that some reader of an update looks for. */
export const UPDATE_KEYS = [
  ...[
    'update_id',
    'message',
    'callback_query',
    'pre_checkout_query',
    'edited_message',
    'channel_post',
  ],
  ...[
    'message_id',
    'from',
    'chat',
    'id',
    'type',
    'date',
    'text',
    'caption',
    'voice',
    'entities',
    'data',
  ],
  ...[
    'duration',
    'file_id',
    'file_size',
    'language_code',
    'is_bot',
    'photo',
    'sticker',
    'document',
  ],
  ...['my_chat_member', 'inline_query', 'chat_join_request', 'reply_to_message', 'game_short_name'],
]

export const SECRET_HEADER = 'x-telegram-bot-api-secret-token'

const NATIVE = { id: 4_001, first_name: 'Olena', language_code: 'uk' }
const STRANGER = { id: 4_002, first_name: 'Ivan', language_code: 'ru' }
const GROUP = { id: -4_003, type: 'group' as const, title: 'Čeština' }

type ShownButton = { messageId: number; data: string }

/** A button that the bot shows in a chat: of the question for the native language, or of a learner's card. */
async function buttonIn(product: FuzzedProduct, chatId: number): Promise<ShownButton> {
  const { telegram, webhook, settle, webhookSecret } = product
  const findButton = (): ShownButton | undefined => {
    for (const { author, id, message, revisions } of telegram.chat(chatId).messages) {
      const keyboards = [...revisions, message].map(({ reply_markup }) => reply_markup)
      const button = keyboards.flatMap((keyboard) => keyboard?.inline_keyboard?.flat() ?? [])[0]
      const data = button?.callback_data
      if (author === 'bot' && data !== undefined) return { messageId: id, data }
    }
    return undefined
  }
  const shownButton = findButton()
  if (shownButton !== undefined) return shownButton
  const body = JSON.stringify(telegram.learner(NATIVE).says('/start'))
  const headers = { [SECRET_HEADER]: webhookSecret }
  await webhook(new Request('https://bot.example/webhook', { method: 'POST', headers, body }))
  await settle()
  const button = findButton()
  if (button === undefined) throw new Error('The bot shows no button.')
  return button
}

/** A new update of a kind, from a person whom the stand-in for Telegram knows. */
export async function updateOf(product: FuzzedProduct, kind: UpdateKind): Promise<Update> {
  const { telegram, deps } = product
  await deps.learners.chooseNativeLanguage(NATIVE.id, NATIVE.language_code)
  const learner = telegram.learner(NATIVE)
  const [note] = await recordings()
  const bytes = note?.bytes ?? new Uint8Array()
  switch (kind) {
    case 'text':
      return learner.says('Zítra jdu do škola s kamarád.')
    case 'voice':
      return learner.sendsVoice(bytes, { duration: 5 })
    case 'command':
      return learner.says('/start')
    case 'press': {
      const { messageId, data } = await buttonIn(product, learner.chat.id)
      return learner.taps(messageId, data)
    }
    case 'photo':
      return learner.sendsFile('photo', bytes)
    case 'edit':
      return learner.edits(learner.says('Jdu domů').message.message_id, 'Jdu domů.')
    case 'group':
      return telegram.learner(NATIVE, GROUP).says('Ahoj všichni, jak se máte?')
    case 'stranger':
      return telegram.learner(STRANGER).says('Ahoj, jak se máš?')
    case 'unknown':
      return telegram.deliver({ chat_member: { from: NATIVE, chat: GROUP, date: 1 } })
  }
}

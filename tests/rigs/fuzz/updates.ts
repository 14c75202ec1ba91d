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

/** The message in which the bot asks for the native language, with its buttons. */
async function questionTo(product: FuzzedProduct, chatId: number): Promise<number> {
  const { telegram, webhook, settle, webhookSecret } = product
  const findQuestion = () =>
    telegram
      .chat(chatId)
      .messages.find(
        ({ author, revisions, message }) =>
          author === 'bot' && [...revisions, message].some(({ reply_markup }) => reply_markup),
      )
  const question = findQuestion()
  if (question !== undefined) return question.id
  const body = JSON.stringify(telegram.learner(NATIVE).says('/start'))
  const headers = { [SECRET_HEADER]: webhookSecret }
  await webhook(new Request('https://bot.example/webhook', { method: 'POST', headers, body }))
  await settle()
  const { id } = findQuestion() ?? {}
  if (id === undefined) throw new Error('The bot has not asked for the native language.')
  return id
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
      const message = await questionTo(product, learner.chat.id)
      return learner.taps(message, 'native:uk')
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

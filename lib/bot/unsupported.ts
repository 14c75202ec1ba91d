import type { NarrowedContext } from 'telegraf'
import type { Message, Update } from 'telegraf/types'
import { recover } from '../app/error.ts'
import { type BotContext, type ChatDeps, languageOf } from './context.ts'
import { albumOf, isFirstOf } from './notices.ts'
import { textMessage } from './text-message.ts'
import type { TextKey } from './texts/texts.ts'

/** The answer to a message that is no lesson, by a field that it has; the first that fits. */
const ANSWERS: readonly [field: string, key: TextKey & `unsupported.${string}`][] = [
  ['photo', 'unsupported.photo'],
  ['live_photo', 'unsupported.photo'],
  ['sticker', 'unsupported.sticker'],
  ['audio', 'unsupported.audio'],
  ['video_note', 'unsupported.videoNote'],
  // A GIF has a document, too.
  ['animation', 'unsupported.video'],
  ['video', 'unsupported.video'],
  ['document', 'unsupported.document'],
]

/**
 * The fields of messages that people send and forward (Bot API 10.3); the other kinds are Telegram's own notes about
 * the chat.
 */
const SENT_BY_PEOPLE = new Set([
  ...ANSWERS.map(([field]) => field),
  'text',
  'voice',
  'location',
  'venue',
  'contact',
  'poll',
  'dice',
  'game',
  'story',
  'paid_media',
  'checklist',
  'rich_message',
  'invoice',
  'giveaway',
  'giveaway_winners',
  'gift',
  'unique_gift',
])

/** Says what to send instead, once for an album; in a group, that we teach in private. */
export async function answerUnsupported(
  ctx: NarrowedContext<BotContext<ChatDeps>, Update.MessageUpdate>,
): Promise<void> {
  const { message } = ctx
  if (!Object.keys(message).some((field) => SENT_BY_PEOPLE.has(field))) return
  const album = albumOf(message)
  if (album !== undefined && !(await isFirstOf(ctx, `album:${album}`))) return
  const key = answerTo(message)
  const language = await languageOf(ctx)
  const answer = ctx.ourChat.say('unsupported', textMessage(language, key), {
    replyTo: message.message_id,
  })
  if (message.chat.type === 'private') await answer
  else await unlessClosed(ctx, answer)
  ctx.deps.log.info('message_unsupported', { job_id: ctx.run.job.id, answer: key })
}

/** Waits for an answer in a group, which may forbid the bot to write: then the answer is left out. */
async function unlessClosed({ chatId, deps }: BotContext<ChatDeps>, answer: Promise<unknown>) {
  await recover(answer, ['telegram-blocked', 'telegram-rejected'], ({ message }) =>
    deps.log.info('chat_closed', { chat_id: chatId, reason: message }),
  )
}

function answerTo(message: Message): TextKey & `unsupported.${string}` {
  if (message.chat.type !== 'private') return 'unsupported.group'
  return ANSWERS.find(([field]) => field in message)?.[1] ?? 'unsupported.other'
}

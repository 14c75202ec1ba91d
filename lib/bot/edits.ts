import type { NarrowedContext } from 'telegraf'
import type { Update } from 'telegraf/types'
import type { BotContext, ChatDeps } from './context.ts'
import { isFirst } from './notices.ts'
import { textMessage } from './text-message.ts'

/** Tells a learner, the first time that they edit a message, that edits are not read. */
export async function explainEdit(
  ctx: NarrowedContext<BotContext<ChatDeps>, Update.EditedMessageUpdate>,
): Promise<void> {
  const message = ctx.editedMessage
  // Without a date it was not edited by its sender: a place that moves, a preview that has come.
  const isEdited = 'edit_date' in message && ('text' in message || 'caption' in message)
  if (!isEdited || message.chat.type !== 'private') return
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  if (learner === undefined || !(await isFirst(ctx, 'edits'))) return
  const language = ctx.languageFor(learner)
  await ctx.ourChat.say('edits', textMessage(language, 'unsupported.edit'), {
    replyTo: message.message_id,
  })
}

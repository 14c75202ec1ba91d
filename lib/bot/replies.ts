import type { NarrowedContext } from 'telegraf'
import type { Update } from 'telegraf/types'
import type { Expectation } from '../app/expectations.ts'
import type { BotContext, ChatDeps } from './context.ts'
import type { Reply } from './feature.ts'

/** The journal's name for the question that a message answers. */
const ANSWERED = 'answered'

/** Gives a voice note or a text that replies to a question of ours to the feature that asked; `next` takes all others. */
export async function takeReply<D extends ChatDeps>(
  replies: readonly Reply<D>[],
  ctx: NarrowedContext<BotContext<D>, Update.MessageUpdate>,
  next: () => Promise<void>,
): Promise<void> {
  const { message } = ctx
  const isReply = 'reply_to_message' in message && ('voice' in message || 'text' in message)
  const storedExpectation = ctx.run.stored<Expectation>(ANSWERED)
  // The look-up is the one that the lesson makes anyway.
  const expectation = storedExpectation ?? (isReply ? (await ctx.findSender())?.expectation : null)
  const reply = replies.find(({ kind }) => kind === expectation?.kind)
  if (reply === undefined || expectation == null) return next()
  if (reply.isAnswer?.(message) === false) return next()
  // A later run answers the same, also where the question is closed or has expired by then.
  ctx.run.store(ANSWERED, expectation)
  await reply.run(ctx, expectation, message)
}

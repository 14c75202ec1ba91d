import type { BotContext, ChatDeps } from './context.ts'
import { textMessage } from './text-message.ts'

/** Asks a stranger to begin with /start. */
export async function inviteToStart(ctx: BotContext<ChatDeps>): Promise<void> {
  await ctx.ourChat.say('register-first', textMessage(ctx.appLanguage, 'register.first'))
}

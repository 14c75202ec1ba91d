import type { BotContext, ChatDeps } from '../context.ts'
import { textMessage } from '../text-message.ts'
import { interfaceLanguage } from '../texts/language.ts'
import { nativeLanguageKeyboard } from './language.ts'

/** Welcomes a newcomer, or a learner back, and asks which language to explain in. */
export async function greet(ctx: BotContext<ChatDeps>): Promise<void> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  const language = learner ? interfaceLanguage(learner.nativeLanguage) : ctx.appLanguage
  const chat = ctx.ourChat
  await chat.say('welcome', textMessage(language, learner ? 'welcome.back' : 'welcome.new'))
  const question = textMessage(language, 'native.choose')
  await chat.say('choose-native', question, { keyboard: nativeLanguageKeyboard(0) })
}

import type { BotContext, ChatDeps } from '../context.ts'
import { isFirst } from '../notices.ts'
import { showSettings } from '../settings/card.ts'
import { nativeLanguageKeyboard } from '../settings/native.ts'
import { isStranger } from '../strangers.ts'
import { textMessage } from '../text-message.ts'
import { LANGUAGE_PRESSES } from './language.ts'

/** The notice of those who have been asked which language to explain in. */
const ASKED = 'asked-native'

/** Welcomes a newcomer and asks which language to explain in; shows a learner what is set. */
export async function greet(ctx: BotContext<ChatDeps>): Promise<void> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  const chat = ctx.ourChat
  if (learner !== undefined) return void (await showSettings(ctx, learner))
  await isFirst(ctx, ASKED)
  await chat.say('welcome', textMessage(ctx.appLanguage, 'welcome.new'))
  await askNativeLanguage(ctx)
}

/** Asks one who began to talk without /start, behind their first lesson; others have the question already. */
export async function askStranger(ctx: BotContext<ChatDeps>): Promise<void> {
  if ((await isStranger(ctx)) && (await isFirst(ctx, ASKED))) await askNativeLanguage(ctx)
}

async function askNativeLanguage(ctx: BotContext<ChatDeps>): Promise<void> {
  const question = textMessage(ctx.appLanguage, 'native.choose')
  const keyboard = nativeLanguageKeyboard(0, ctx.from?.language_code, LANGUAGE_PRESSES)
  await ctx.ourChat.say('choose-native', question, { keyboard })
}

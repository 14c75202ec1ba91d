import type { ChatDeps } from '../context.ts'
import type { Press } from '../feature.ts'
import { isFirstOf } from '../notices.ts'
import { chooseLevelMessage } from '../settings/level-question.ts'
import {
  endonymOf,
  type LanguagePresses,
  nativeLanguageKeyboard,
  readNativeLanguage,
  readPage,
} from '../settings/native.ts'
import { textMessage } from '../text-message.ts'
import { levelKeyboard } from './level.ts'

/** Chooses the language to explain in, by its code, and asks for the level, once a question. */
export const nativeLanguagePress: Press<ChatDeps, string> = {
  name: 'native',
  read: readNativeLanguage,
  async run(ctx, code, messageId) {
    const learner =
      (await ctx.choose({ nativeLanguage: code })) ??
      (await ctx.deps.learners.chooseNativeLanguage(ctx.senderId, code))
    const language = ctx.languageFor(learner)
    const endonym = endonymOf(code)
    const chat = ctx.ourChat
    await chat.edit(messageId, textMessage(language, 'native.chosen', { language: endonym }))
    if (!(await isFirstOf(ctx, `native:${messageId}`))) return
    const question = chooseLevelMessage(language)
    await chat.say('choose-level', question, { keyboard: levelKeyboard(language) })
  },
}

/** Shows another page of languages. */
export const nativePagePress: Press<ChatDeps, number> = {
  name: 'native-page',
  read: readPage,
  run: (ctx, page, messageId) =>
    ctx.deps.telegram.editKeyboard(
      ctx.chatId,
      messageId,
      nativeLanguageKeyboard(page, ctx.from?.language_code, LANGUAGE_PRESSES),
    ),
}

/** The buttons of the first question. */
export const LANGUAGE_PRESSES: LanguagePresses = {
  choose: nativeLanguagePress,
  turn: nativePagePress,
}

import type { NarrowedContext } from 'telegraf'
import type { Update } from 'telegraf/types'
import { findLanguage } from '../../domain/learner/languages.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { type BotContext, languageOf } from '../context.ts'
import { interfaceLanguage, text } from '../texts/texts.ts'
import { levelKeyboard, nativeLanguageKeyboard } from './keyboards.ts'
import { chooseLevelMessage, readyMessage, textMessage } from './messages.ts'
import { type Press, unpackPress } from './press.ts'

type PressContext = NarrowedContext<BotContext, Update.CallbackQueryUpdate>

/** Welcomes a newcomer, or a learner back, and asks which language to explain in. */
export async function greet(ctx: BotContext): Promise<void> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  const language = learner ? interfaceLanguage(learner.nativeLanguage) : ctx.appLanguage
  const chat = ctx.ourChat
  await chat.say('welcome', textMessage(language, learner ? 'welcome.back' : 'welcome.new'))
  const question = textMessage(language, 'native.choose')
  await chat.say('choose-native', question, { keyboard: nativeLanguageKeyboard(0) })
}

/**
 * Takes the press of a button. Whoever presses is the learner: a button holds no one's id, so a
 * forged press changes nobody but its sender, and writes nowhere but in their own private chat.
 */
export async function takePress(ctx: PressContext): Promise<void> {
  const { id, message } = ctx.callbackQuery
  const press = 'data' in ctx.callbackQuery ? unpackPress(ctx.callbackQuery.data) : undefined
  // A private chat has the id of its learner, a group has another.
  if (press === undefined || message === undefined || ctx.chatId !== ctx.senderId) {
    return ctx.deps.telegram.answerPress(id, text(await languageOf(ctx), 'unsupported.button'))
  }
  await carryOut(ctx, press, message.message_id)
  await ctx.deps.telegram.answerPress(id)
}

async function carryOut(ctx: PressContext, press: Press, messageId: number): Promise<void> {
  const { learners } = ctx.deps
  const chat = ctx.ourChat
  switch (press.kind) {
    case 'native-page': {
      const keyboard = nativeLanguageKeyboard(press.page)
      return ctx.deps.telegram.editKeyboard(ctx.chatId, messageId, keyboard)
    }
    case 'native': {
      const learner = await learners.chooseNativeLanguage(ctx.senderId, press.code)
      const language = interfaceLanguage(learner.nativeLanguage)
      const chosen = findLanguage(press.code)?.endonym ?? press.code
      await chat.edit(messageId, textMessage(language, 'native.chosen', { language: chosen }))
      const question = chooseLevelMessage(language)
      await chat.say('choose-level', question, { keyboard: levelKeyboard(language) })
      return
    }
    case 'level': {
      const learner = await learners.setLevel(ctx.senderId, press.level)
      if (learner === undefined) return inviteToStart(ctx)
      return showLevel(ctx, learner, messageId)
    }
  }
}

async function showLevel(ctx: BotContext, learner: Learner, messageId: number): Promise<void> {
  const language = interfaceLanguage(learner.nativeLanguage)
  const level = text(language, `level.${learner.level}`)
  await ctx.ourChat.edit(messageId, textMessage(language, 'level.chosen', { level }))
  await ctx.ourChat.say('ready', readyMessage(language))
}

/** Asks someone we do not know to begin with /start. */
export async function inviteToStart(ctx: BotContext): Promise<void> {
  await ctx.ourChat.say('register-first', textMessage(ctx.appLanguage, 'register.first'))
}

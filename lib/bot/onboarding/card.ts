import type { Keyboard } from '../../app/telegram.ts'
import type { Learner, Level } from '../../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import type { Press, PressContext } from '../feature.ts'
import { type GenderAnswer, genderKeyboard, readGender } from '../gender.ts'
import { renderHtml } from '../html.ts'
import { inviteToStart } from '../invite-to-start.ts'
import { buttonOf } from '../presses.ts'
import { textMessage } from '../text-message.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'
import { endonymOf, nativeLanguageKeyboard, readNativeLanguage, readPage } from './language.ts'
import { chooseLevelMessage, levelKeyboard, readLevel } from './level.ts'

const FACES = ['summary', 'native', 'level', 'gender'] as const
type Face = (typeof FACES)[number]

/** Turns the card of what is set to the choices of a setting, or back. */
export const cardPress: Press<ChatDeps, Face> = {
  name: 'card',
  read: (value) => FACES.find((face) => face === value),
  async run(ctx, face, messageId) {
    const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
    if (learner === undefined) return inviteToStart(ctx)
    const { html, keyboard } = cardOf(ctx, learner, face)
    await ctx.ourChat.edit(messageId, html, { keyboard })
  },
}

/** Changes the language to explain in, and turns the card back. */
export const cardNativePress: Press<ChatDeps, string> = {
  name: 'card-native',
  read: readNativeLanguage,
  run: (ctx, nativeLanguage, messageId) => change(ctx, { nativeLanguage }, messageId),
}

/** Shows another page of languages on the card. */
export const cardPagePress: Press<ChatDeps, number> = {
  name: 'card-native-page',
  read: readPage,
  async run(ctx, page, messageId) {
    const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
    if (learner === undefined) return inviteToStart(ctx)
    const language = ctx.languageFor(learner)
    const keyboard = languageChoices(language, page, ctx.from?.language_code)
    await ctx.deps.telegram.editKeyboard(ctx.chatId, messageId, keyboard)
  },
}

/** Changes the level, and turns the card back. */
export const cardLevelPress: Press<ChatDeps, Level> = {
  name: 'card-level',
  read: readLevel,
  run: (ctx, level, messageId) => change(ctx, { level }, messageId),
}

/** Changes the gender that the learner is addressed in, and turns the card back. */
export const cardGenderPress: Press<ChatDeps, GenderAnswer> = {
  name: 'card-gender',
  read: readGender,
  async run(ctx, gender, messageId) {
    const learner = await ctx.deps.learners.setGender(ctx.senderId, gender)
    if (learner === undefined) return inviteToStart(ctx)
    const { html, keyboard } = cardOf(ctx, learner, 'summary')
    await ctx.ourChat.edit(messageId, html, { keyboard })
  },
}

/** What is set, a button to change each; or the choices of one, and a button back. */
export function cardOf(
  ctx: BotContext<ChatDeps>,
  learner: Learner,
  face: Face,
): { html: string; keyboard: Keyboard } {
  const language = ctx.languageFor(learner)
  switch (face) {
    case 'summary':
      return { html: summaryMessage(language, learner), keyboard: summaryKeyboard(language) }
    case 'native':
      return {
        html: textMessage(language, 'native.choose'),
        keyboard: languageChoices(language, 0, ctx.from?.language_code),
      }
    case 'level':
      return {
        html: chooseLevelMessage(language),
        keyboard: withWayBack(language, levelKeyboard(language, cardLevelPress)),
      }
    case 'gender':
      return {
        html: textMessage(language, 'gender.ask'),
        keyboard: withWayBack(language, genderKeyboard(language, cardGenderPress)),
      }
  }
}

async function change(
  ctx: PressContext<ChatDeps>,
  settings: { nativeLanguage?: string; level?: Level },
  messageId: number,
): Promise<void> {
  const { learners } = ctx.deps
  const standing = await learners.findByTelegramId(ctx.senderId)
  if (standing === undefined) return inviteToStart(ctx)
  const learner = await learners.change(standing.id, settings)
  const { html, keyboard } = cardOf(ctx, learner, 'summary')
  await ctx.ourChat.edit(messageId, html, { keyboard })
}

function summaryMessage(language: InterfaceLanguage, learner: Learner): string {
  const nativeLanguage = text(language, 'native.chosen', {
    language: endonymOf(learner.nativeLanguage),
  })
  const level = text(language, 'level.chosen', { level: text(language, `level.${learner.level}`) })
  return renderHtml([
    [{ text: text(language, 'welcome.back') }],
    [{ text: `${nativeLanguage}\n${level}` }],
  ])
}

function summaryKeyboard(language: InterfaceLanguage): Keyboard {
  const buttonTo = (face: 'native' | 'level' | 'gender') => [
    buttonOf(cardPress, face, text(language, `card.${face}`)),
  ]
  return { inline_keyboard: [buttonTo('native'), buttonTo('level'), buttonTo('gender')] }
}

function languageChoices(
  language: InterfaceLanguage,
  page: number,
  appLanguage: string | undefined,
): Keyboard {
  const presses = { choose: cardNativePress, turn: cardPagePress }
  return withWayBack(language, nativeLanguageKeyboard(page, appLanguage, presses))
}

function withWayBack(language: InterfaceLanguage, { inline_keyboard }: Keyboard): Keyboard {
  const back = buttonOf(cardPress, 'summary', text(language, 'card.back'))
  return { inline_keyboard: [...inline_keyboard, [back]] }
}

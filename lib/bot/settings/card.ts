import type { Learner } from '../../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import type { Press, PressContext } from '../feature.ts'
import { renderHtml } from '../html.ts'
import { inviteToStart } from '../invite-to-start.ts'
import { buttonOf } from '../presses.ts'
import { textMessage } from '../text-message.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'
import { CARD, type Face, MEMORY, SUMMARY, withWayBack } from './face.ts'
import { chunk } from './language-pages.ts'
import { endonymOf, nativeLanguageKeyboard, readNativeLanguage, readPage } from './native.ts'
import { SETTINGS, type Setting } from './table.ts'
import { zoneFace, zoneWithTime } from './zone-face.ts'
import { expectPlace, type ZoneDeps } from './zone-question.ts'

const MEMORY_LIST = { name: MEMORY, read: (value: string) => value }
const NATIVE = 'native'
const ZONE = 'zone'
const FACES = [
  SUMMARY,
  NATIVE,
  ...SETTINGS.flatMap(({ name, face }) => (name === face ? [face] : [])),
  ZONE,
]

/** Shows the card, or one of its faces, in a message of its own; its id. */
export async function showSettings(
  ctx: BotContext<ChatDeps>,
  learner: Learner,
  face: string = SUMMARY,
): Promise<number> {
  const { html, keyboard } = faceOf(ctx, learner, face)
  return ctx.ourChat.say('card', html, { keyboard })
}

/** Turns the card to the choices of a setting, or back. */
export const cardPress: Press<ZoneDeps, string> = {
  name: CARD,
  read: (value) => FACES.find((face) => face === value),
  async run(ctx, face, messageId) {
    const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
    if (learner === undefined) return inviteToStart(ctx)
    await turn(ctx, faceOf(ctx, learner, face), messageId)
    if (face === ZONE) await expectPlace(ctx, learner, messageId)
  },
}

/** Changes the language to explain in, and turns the card back. */
export const cardNativePress: Press<ChatDeps, string> = {
  name: 'card-native',
  read: readNativeLanguage,
  async run(ctx, nativeLanguage, messageId) {
    await turnBack(ctx, await ctx.choose({ nativeLanguage }), messageId)
  },
}

/** Shows another page of languages on the card. */
export const cardPagePress: Press<ChatDeps, number> = {
  name: 'card-native-page',
  read: readPage,
  async run(ctx, page, messageId) {
    const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
    if (learner === undefined) return inviteToStart(ctx)
    const { keyboard } = nativeFace(ctx, learner, page)
    await ctx.deps.telegram.editKeyboard(ctx.chatId, messageId, keyboard)
  },
}

/** The buttons that choose, one kind a setting: each stores its choice and turns the card back. */
export const SETTING_PRESSES = SETTINGS.map(pressOf)

function pressOf({ name, read, choose }: Setting): Press<ChatDeps, string> {
  return {
    name: `card-${name}`,
    read,
    async run(ctx, value, messageId) {
      await turnBack(ctx, await ctx.choose(choose(value)), messageId)
    },
  }
}

/** Turns the card to what is set now. */
export async function turnBack(
  ctx: PressContext<ChatDeps>,
  learner: Learner | undefined,
  messageId: number,
): Promise<void> {
  if (learner === undefined) return inviteToStart(ctx)
  await turn(ctx, faceOf(ctx, learner, SUMMARY), messageId)
}

/** Makes the card's message this face. */
export async function turn(
  ctx: PressContext<ChatDeps>,
  { html, keyboard }: Face,
  messageId: number,
): Promise<void> {
  await ctx.ourChat.edit(messageId, html, { keyboard })
}

function faceOf(ctx: BotContext<ChatDeps>, learner: Learner, face: string): Face {
  const language = ctx.languageFor(learner)
  if (face === SUMMARY) return summary(ctx, language, learner)
  if (face === NATIVE) return nativeFace(ctx, learner, 0)
  const now = ctx.run.job.receivedAt
  if (face === ZONE) return zoneFace(language, learner, now)
  const settings = SETTINGS.filter((setting) => setting.face === face)
  return withWayBack(language, {
    html: settings[0]?.ask(language) ?? '',
    keyboard: {
      inline_keyboard: settings.flatMap((setting) => choicesOf(setting, language, learner)),
    },
  })
}

function choicesOf(setting: Setting, language: InterfaceLanguage, learner: Learner) {
  const currentValue = setting.currentOf(learner)
  return setting
    .choices(language)
    .map(({ value, label }) => [
      buttonOf(pressOf(setting), value, value === currentValue ? `✓ ${label}` : label),
    ])
}

function nativeFace(ctx: BotContext<ChatDeps>, learner: Learner, page: number): Face {
  const language = ctx.languageFor(learner)
  const presses = { choose: cardNativePress, turn: cardPagePress }
  const appLanguage = ctx.from?.language_code
  return withWayBack(language, {
    html: textMessage(language, 'native.choose'),
    keyboard: nativeLanguageKeyboard(page, appLanguage, presses, learner.nativeLanguage),
  })
}

/** What is set, line by line, and a button for each. */
function summary(ctx: BotContext<ChatDeps>, language: InterfaceLanguage, learner: Learner): Face {
  const native = {
    ...{ emoji: '🌐', face: NATIVE, name: text(language, 'setting.native') },
    value: endonymOf(learner.nativeLanguage),
  }
  const zone = {
    ...{ emoji: '🕐', face: ZONE, name: text(language, 'setting.zone') },
    value: zoneWithTime(learner.timeZone, ctx.run.job.receivedAt),
  }
  const choices = SETTINGS.map((setting) => ({
    ...{ emoji: setting.emoji, face: setting.face, name: setting.nameIn(language) },
    value: setting.describe(language, learner),
  }))
  const memory = {
    ...{ emoji: '🧠', name: text(language, 'setting.memory') },
    value: text(language, learner.remembers ? 'setting.memory.on' : 'setting.memory.off'),
  }
  const faces = [native, ...choices, zone]
  const lines = [...faces, memory]
  const buttons = [
    ...faces.map(({ emoji, face, name }) => buttonOf(cardPress, face, `${emoji} ${name}`)),
    buttonOf(MEMORY_LIST, 'list', `${memory.emoji} ${memory.name}`),
  ]
  return {
    html: renderHtml([
      [{ text: text(language, 'settings.title') }],
      lines.flatMap(({ emoji, name, value }, index) => [
        { text: `${index === 0 ? '' : '\n'}${emoji} ${name}: ` },
        { text: value, style: 'b' as const },
      ]),
    ]),
    keyboard: { inline_keyboard: chunk(buttons, 2) },
  }
}

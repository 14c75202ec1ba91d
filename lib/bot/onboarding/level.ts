import type { Keyboard } from '../../app/telegram.ts'
import { LEVELS, type Level } from '../../domain/learner/learner.ts'
import type { ChatDeps } from '../context.ts'
import type { Press } from '../feature.ts'
import { renderHtml } from '../html.ts'
import { inviteToStart } from '../invite-to-start.ts'
import { isFirstOf } from '../notices.ts'
import { buttonOf } from '../presses.ts'
import { textMessage } from '../text-message.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'

/** Czech in every language: it is what the learner is to try. */
const EXAMPLE_SENTENCE = 'Ahoj, Honzíku! Dneska je hezky a já se učím česky.'
const FIRST_SENTENCE = 'Ahoj, Honzíku! Jak se máš?'

/** Sets the level and invites to the first lesson, once a question. */
export const levelPress: Press<ChatDeps, Level> = {
  name: 'level',
  read: (value) => LEVELS.find((level) => level === value),
  async run(ctx, chosenLevel, messageId) {
    const learner = await ctx.choose({ level: chosenLevel })
    if (learner === undefined) return inviteToStart(ctx)
    const language = ctx.languageFor(learner)
    const level = text(language, `level.${learner.level}`)
    await ctx.ourChat.edit(messageId, textMessage(language, 'level.chosen', { level }))
    if (!(await isFirstOf(ctx, `level:${messageId}`))) return
    await ctx.ourChat.say('ready', readyMessage(language, learner.level))
  },
}

/** The levels, one a row. */
export function levelKeyboard(language: InterfaceLanguage): Keyboard {
  return {
    inline_keyboard: LEVELS.map((level) => [
      buttonOf(levelPress, level, text(language, `level.${level}`)),
    ]),
  }
}

/** Invites to the first lesson, with a sentence to try. */
export function readyMessage(language: InterfaceLanguage, level: Level): string {
  const invitation = { text: `${text(language, 'welcome.ready')}\n` }
  return renderHtml([
    [
      invitation,
      { text: level === 'first_steps' ? FIRST_SENTENCE : EXAMPLE_SENTENCE, style: 'blockquote' },
    ],
  ])
}

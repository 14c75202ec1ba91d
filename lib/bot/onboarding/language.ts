import type { Keyboard } from '../../app/telegram.ts'
import { findLanguage, NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'
import type { ChatDeps } from '../context.ts'
import type { Press } from '../feature.ts'
import { buttonOf } from '../presses.ts'
import { textMessage } from '../text-message.ts'
import { interfaceLanguage } from '../texts/language.ts'
import { chunk, LANGUAGE_PAGES } from './language-pages.ts'
import { chooseLevelMessage, levelKeyboard } from './level.ts'

/** Chooses the language to explain in, by its code, and asks for the level. */
export const nativeLanguagePress: Press<ChatDeps, string> = {
  name: 'native',
  read: (value) => NATIVE_LANGUAGES.find(({ code }) => code === value)?.code,
  async run(ctx, code, messageId) {
    const learner = await ctx.deps.learners.chooseNativeLanguage(ctx.senderId, code)
    const language = interfaceLanguage(learner.nativeLanguage)
    const endonym = findLanguage(code)?.endonym ?? code
    const chat = ctx.ourChat
    await chat.edit(messageId, textMessage(language, 'native.chosen', { language: endonym }))
    const question = chooseLevelMessage(language)
    await chat.say('choose-level', question, { keyboard: levelKeyboard(language) })
  },
}

/** Shows another page of languages. */
export const nativePagePress: Press<ChatDeps, number> = {
  name: 'native-page',
  read(value) {
    const page = Number(value)
    return String(page) === value && page in LANGUAGE_PAGES ? page : undefined
  },
  run: (ctx, page, messageId) =>
    ctx.deps.telegram.editKeyboard(ctx.chatId, messageId, nativeLanguageKeyboard(page)),
}

/** The native languages, two a row; `page` counts from 0, and one that does not exist has no languages. */
export function nativeLanguageKeyboard(page: number): Keyboard {
  const languages = (LANGUAGE_PAGES[page] ?? []).map(({ code, endonym }) =>
    buttonOf(nativeLanguagePress, code, endonym),
  )
  const pagerButtons = [
    { label: '◀', target: page - 1 },
    { label: '▶', target: page + 1 },
  ]
    .filter(({ target }) => target in LANGUAGE_PAGES)
    .map(({ label, target }) => buttonOf(nativePagePress, target, label))
  return {
    inline_keyboard: [...chunk(languages, 2), pagerButtons].filter(({ length }) => length > 0),
  }
}

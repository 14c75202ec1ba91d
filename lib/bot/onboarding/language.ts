import type { Keyboard } from '../../app/telegram.ts'
import { findLanguage, NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'
import type { ChatDeps } from '../context.ts'
import type { Press } from '../feature.ts'
import { isFirstOf } from '../notices.ts'
import { buttonOf } from '../presses.ts'
import { textMessage } from '../text-message.ts'
import { chunk, languagePage, PAGE_COUNT } from './language-pages.ts'
import { chooseLevelMessage, levelKeyboard } from './level.ts'

/** Reads a native language's code. */
export function readNativeLanguage(value: string): string | undefined {
  return NATIVE_LANGUAGES.find(({ code }) => code === value)?.code
}

/** Reads the number of a page, from 0. */
export function readPage(value: string): number | undefined {
  const page = Number(value)
  const isPage = Number.isInteger(page) && page >= 0 && page < PAGE_COUNT
  return isPage && String(page) === value ? page : undefined
}

/** Chooses the language to explain in, by its code, and asks for the level, once a question. */
export const nativeLanguagePress: Press<ChatDeps, string> = {
  name: 'native',
  read: readNativeLanguage,
  async run(ctx, code, messageId) {
    const learner = await ctx.deps.learners.chooseNativeLanguage(ctx.senderId, code)
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
      nativeLanguageKeyboard(page, ctx.from?.language_code),
    ),
}

/** What its speakers call a native language. */
export function endonymOf(code: string): string {
  return findLanguage(code)?.endonym ?? code
}

type LanguagePresses = {
  choose: Pick<Press<never, string>, 'name' | 'read'>
  turn: Pick<Press<never, number>, 'name' | 'read'>
}

/**
 * The native languages, two a row, in the order for an app's language; below them the pages and the number of this
 * one, from 1. `page` counts from 0, and one that does not exist has no languages.
 */
export function nativeLanguageKeyboard(
  page: number,
  appLanguage: string | undefined,
  { choose, turn }: LanguagePresses = { choose: nativeLanguagePress, turn: nativePagePress },
): Keyboard {
  const languages = languagePage(page, appLanguage).map(({ code, endonym }) =>
    buttonOf(choose, code, endonym),
  )
  const pagerButtons = [
    { label: '◀', target: page - 1 },
    { label: `${page + 1}/${PAGE_COUNT}`, target: page },
    { label: '▶', target: page + 1 },
  ]
    .filter(({ target }) => target >= 0 && target < PAGE_COUNT)
    .map(({ label, target }) => buttonOf(turn, target, label))
  return {
    inline_keyboard: [...chunk(languages, 2), pagerButtons].filter(({ length }) => length > 0),
  }
}

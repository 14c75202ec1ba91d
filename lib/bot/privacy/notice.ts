import { CACHE_SECONDS } from '../../app/cache.ts'
import { HISTORY_TURNS } from '../../app/lesson/lesson.ts'
import { type BotContext, type ChatDeps, languageOf } from '../context.ts'
import { renderHtml } from '../html.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'

/** As the inbox keeps what could not be answered. */
const DAYS_OF_FAILED_MESSAGES = 30
const SECONDS_A_DAY = 86_400

/** Says what is kept, for how long, and who hears the voice. */
export async function tellPrivacy(ctx: BotContext<ChatDeps>): Promise<void> {
  await ctx.ourChat.say('privacy', privacyMessage(await languageOf(ctx)))
}

export function privacyMessage(language: InterfaceLanguage): string {
  const days = {
    days: DAYS_OF_FAILED_MESSAGES,
    speechDays: CACHE_SECONDS.speech / SECONDS_A_DAY,
    translationDays: CACHE_SECONDS.translation / SECONDS_A_DAY,
  }
  const paragraphs = [
    `🗄 ${text(language, 'privacy.kept')}`,
    `⏳ ${text(language, 'privacy.keptForAWhile', days)}`,
    `🎙 ${text(language, 'privacy.voice', { turns: HISTORY_TURNS })}`,
    `👀 ${text(language, 'privacy.people')}`,
    `🗑 ${text(language, 'privacy.commands')}`,
  ]
  return renderHtml(paragraphs.map((paragraph) => [{ text: paragraph }]))
}

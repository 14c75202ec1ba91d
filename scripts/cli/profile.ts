import { z } from 'zod'
import { type CallTelegram, resultOf } from '../../lib/adapters/telegram/call.ts'
import { AppError } from '../../lib/app/error.ts'
import { interfaceLanguage } from '../../lib/bot/texts/language.ts'
import { text } from '../../lib/bot/texts/texts.ts'
import { MENU_LANGUAGES } from './webhook-words.ts'

/** What Telegram shows of a bot, by the methods' name and the field that they have. */
const TEXTS = [
  ['Description', 'description', 'profile.description'],
  ['ShortDescription', 'short_description', 'profile.about'],
] as const

/**
 * Tells Telegram what the bot says of itself, in each language of an app; what is there already is left alone, as changes are
 * limited. Returns what could not be set, and why.
 */
export async function setProfile(call: CallTelegram): Promise<string[]> {
  const problems: string[] = []
  for (const language of MENU_LANGUAGES) {
    // The English one is for all other languages, too.
    const audience = language === 'en' ? {} : { language_code: language }
    for (const [method, field, key] of TEXTS) {
      try {
        const content = text(interfaceLanguage(language), key)
        await setText(call, { method, field, audience, content })
      } catch (error) {
        // The other texts are set all the same, and the operator reads of this one.
        if (!(error instanceof AppError)) throw error
        problems.push(`The bot's ${field} in "${language}" is not set. ${error.message}`)
      }
    }
  }
  return problems
}

async function setText(
  call: CallTelegram,
  {
    method,
    field,
    audience,
    content,
  }: { method: string; field: string; audience: object; content: string },
): Promise<void> {
  const getter = `getMy${method}`
  const Shown = z.record(z.string(), z.unknown())
  const profile = resultOf(Shown, getter, await call(getter, { ...audience }))
  if (profile[field] === content) return
  await call(`setMy${method}`, { ...audience, [field]: content })
}

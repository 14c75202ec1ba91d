import { commandMenu } from '../../../lib/bot/commands.ts'
import { COMMANDS } from '../../../lib/bot/features.ts'
import { interfaceLanguage } from '../../../lib/bot/texts/language.ts'
import type { CommandView } from '../view.ts'

/** The commands menu of a learner's Telegram, as `npm run webhook -- set` would set it. */
export function menuIn(language: string): CommandView[] {
  return commandMenu(COMMANDS, interfaceLanguage(language))
}

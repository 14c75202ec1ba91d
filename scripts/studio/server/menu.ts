import { commandMenu } from '../../../lib/bot/commands.ts'
import { COMMANDS } from '../../../lib/bot/features.ts'
import { MENU_LANGUAGES } from '../../cli/webhook-words.ts'
import type { CommandView } from '../view.ts'

/** The commands menu of a learner's Telegram, as `npm run webhook -- set` would set it. */
export function menuIn(language: string): CommandView[] {
  const menuLanguage = MENU_LANGUAGES.find((name) => name === language) ?? 'en'
  return commandMenu(COMMANDS, menuLanguage)
}

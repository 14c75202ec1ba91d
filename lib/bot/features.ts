import type { BotDeps } from './context.ts'
import type { Feature } from './feature.ts'
import { help } from './help/help.ts'
import { onboarding } from './onboarding/onboarding.ts'
import { privacy } from './privacy/privacy.ts'
import { settings } from './settings/settings.ts'

/**
 * Everything that the bot can do but lessons: those are all other messages (bot.ts), and a script that sets
 * the menu loads none of their code. The menu has the commands in this order.
 */
const FEATURES: readonly Feature<BotDeps>[] = [onboarding, settings, privacy, help(() => COMMANDS)]

export const COMMANDS = FEATURES.flatMap(({ commands, group = 'learn' }) =>
  commands.map((command) => ({ ...command, group })),
)
export const PRESSES = FEATURES.flatMap(({ presses }) => presses)

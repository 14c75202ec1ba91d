import { aside } from './aside/aside.ts'
import type { BotDeps } from './context.ts'
import type { Feature } from './feature.ts'
import { help } from './help/help.ts'
import { verdictPresses } from './lesson/presses.ts'
import { conversation, memory } from './memory/memory.ts'
import { onboarding } from './onboarding/onboarding.ts'
import { privacy } from './privacy/privacy.ts'
import { settings } from './settings/settings.ts'

/** Everything that the bot can do but lessons: those are all other messages (bot.ts). The menu has the commands in this order. */
const FEATURES: readonly Feature<BotDeps>[] = [
  onboarding,
  conversation,
  settings,
  memory,
  privacy,
  help(() => COMMANDS),
  aside,
  verdictPresses,
]

export const COMMANDS = FEATURES.flatMap(({ commands, group = 'learn' }) =>
  commands.map((command) => ({ ...command, group })),
)
export const PRESSES = FEATURES.flatMap(({ presses }) => presses)
export const REPLIES = FEATURES.flatMap(({ replies }) => replies ?? [])

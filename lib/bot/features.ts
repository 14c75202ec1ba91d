import type { BotDeps } from './context.ts'
import type { Feature } from './feature.ts'
import { help } from './help/help.ts'
import { lesson } from './lesson/lesson.ts'
import { onboarding } from './onboarding/onboarding.ts'

/** All that the bot can do. The menu has the commands in this order. */
export const FEATURES: readonly Feature<BotDeps>[] = [onboarding, lesson, help(() => COMMANDS)]

export const COMMANDS = FEATURES.flatMap(({ commands }) => commands)
export const PRESSES = FEATURES.flatMap(({ presses }) => presses)

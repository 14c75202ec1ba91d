import type { BotContext, ChatDeps } from '../context.ts'
import type { Command, Feature } from '../feature.ts'
import { inviteToStart } from '../invite-to-start.ts'
import type { SettingsCommand } from '../texts/settings.ts'
import { cardNativePress, cardPagePress, cardPress, SETTING_PRESSES, showSettings } from './card.ts'
import { SETTINGS } from './table.ts'
import { askZonePress, setZonePress, zoneCommand, zoneReply } from './zone.ts'
import type { ZoneDeps } from './zone-question.ts'

/** What a learner can set: one card, and a command for each of its faces. */
export const settings: Feature<ZoneDeps> = {
  group: 'settings',
  commands: [
    { name: 'settings', description: 'command.settings', run: (ctx) => show(ctx, 'summary') },
    faceCommand('native', 'native'),
    ...SETTINGS.flatMap(({ command, face }) => (command ? [faceCommand(command, face)] : [])),
    { name: 'timezone', description: 'command.timezone', run: zoneCommand },
  ],
  presses: [
    cardPress,
    cardNativePress,
    cardPagePress,
    ...SETTING_PRESSES,
    askZonePress,
    setZonePress,
  ],
  replies: [zoneReply],
}

function faceCommand(name: SettingsCommand, face: string): Command<ChatDeps> {
  return { name, description: `command.${name}`, run: (ctx) => show(ctx, face) }
}

async function show(ctx: BotContext<ChatDeps>, face: string): Promise<void> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  if (learner === undefined) return inviteToStart(ctx)
  await showSettings(ctx, learner, face)
}

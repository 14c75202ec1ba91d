import type { BotContext, ChatDeps } from '../context.ts'
import type { Command, Feature } from '../feature.ts'
import { inviteToStart } from '../invite-to-start.ts'
import { cardNativePress, cardPagePress, cardPress, SETTING_PRESSES, showSettings } from './card.ts'
import { askZonePress, setZonePress, zoneCommand, zoneReply } from './zone.ts'
import type { ZoneDeps } from './zone-question.ts'

/** What a learner can set: one card, and a command for each of its faces. */
export const settings: Feature<ZoneDeps> = {
  group: 'settings',
  commands: [
    { name: 'settings', description: 'command.settings', run: (ctx) => show(ctx, 'summary') },
    faceCommand('native', 'native'),
    faceCommand('language', 'language'),
    faceCommand('level', 'level'),
    faceCommand('corrections', 'corrections'),
    faceCommand('style', 'style'),
    faceCommand('character', 'character'),
    faceCommand('voice_speed', 'speed'),
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

type FaceCommand =
  | 'native'
  | 'language'
  | 'level'
  | 'corrections'
  | 'style'
  | 'character'
  | 'voice_speed'

function faceCommand(name: FaceCommand, face: string): Command<ChatDeps> {
  return { name, description: `command.${name}`, run: (ctx) => show(ctx, face) }
}

async function show(ctx: BotContext<ChatDeps>, face: string): Promise<void> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  if (learner === undefined) return inviteToStart(ctx)
  await showSettings(ctx, learner, face)
}

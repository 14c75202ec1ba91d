import type { Quota } from '../../app/lesson/quota.ts'
import { MAX_TEXT_LENGTH, MAX_VOICE_SECONDS, MIN_TEXT_LENGTH } from '../../domain/lesson/limits.ts'
import { commandMenu } from '../commands.ts'
import { type BotContext, type ChatDeps, languageOf } from '../context.ts'
import { COMMAND_GROUPS, type Command, type CommandGroup, type Feature } from '../feature.ts'
import { helpMessage } from './help-message.ts'

type HelpDeps = ChatDeps & { quota: Pick<Quota, 'plan'> }

type CommandNames = readonly (Pick<Command<never>, 'name' | 'description'> & {
  group: CommandGroup
})[]

/** /help lists every feature's commands, its own among them: they are asked for when it runs. */
export function help(commands: () => CommandNames): Feature<HelpDeps> {
  return {
    commands: [
      { name: 'help', description: 'command.help', run: (ctx) => showHelp(ctx, commands()) },
    ],
    presses: [],
  }
}

async function showHelp(ctx: BotContext<HelpDeps>, commands: CommandNames): Promise<void> {
  const language = await languageOf(ctx)
  const limits = {
    ...ctx.deps.quota.plan,
    maxSeconds: MAX_VOICE_SECONDS,
    minLength: MIN_TEXT_LENGTH,
    maxLength: MAX_TEXT_LENGTH,
  }
  const groups = COMMAND_GROUPS.map((group) => ({
    group,
    menu: commandMenu(
      commands.filter((command) => command.group === group),
      language,
    ),
  }))
  await ctx.ourChat.say('help', helpMessage(language, limits, groups))
}

import { type BotContext, type ChatDeps, languageOf } from './context.ts'
import type { Command } from './feature.ts'
import { textMessage } from './text-message.ts'
import type { InterfaceLanguage } from './texts/language.ts'
import { text } from './texts/texts.ts'

/** Runs the command of that name, or says that there is none. */
export async function runCommand<D extends ChatDeps>(
  commands: readonly Command<D>[],
  ctx: BotContext<D>,
  name: string,
): Promise<void> {
  const command = commands.find((candidate) => candidate.name === name.toLowerCase())
  const { log } = ctx.deps
  if (command !== undefined) {
    await command.run(ctx)
    log.info('command_answered', { job_id: ctx.run.job.id, command: command.name })
    return
  }
  const language = await languageOf(ctx)
  await ctx.ourChat.say('unknown-command', textMessage(language, 'unsupported.command'))
  // Not its name: that is what was typed.
  log.info('command_unknown', { job_id: ctx.run.job.id })
}

/** The menu's entries in a language, as Telegram's setMyCommands takes them. */
export function commandMenu(
  commands: readonly Pick<Command<never>, 'name' | 'description'>[],
  language: InterfaceLanguage,
) {
  return commands.map(({ name, description }) => ({
    command: name,
    description: text(language, description),
  }))
}

import { MAX_TEXT_LENGTH, MAX_VOICE_SECONDS, MIN_TEXT_LENGTH } from '../domain/lesson/limits.ts'
import { type BotContext, languageOf } from './context.ts'
import { helpMessage, textMessage } from './onboarding/messages.ts'
import { greet } from './onboarding/onboarding.ts'
import { type InterfaceLanguage, type TextKey, text } from './texts/texts.ts'

type Command = {
  name: string
  description: TextKey & `command.${string}`
  run(ctx: BotContext): Promise<void>
}

/** The bot's commands: dispatch, /help and Telegram's menu follow from this table. */
export const COMMANDS: readonly Command[] = [
  { name: 'start', description: 'command.start', run: greet },
  { name: 'help', description: 'command.help', run: help },
]

/** Runs the command of that name, or says that there is none. */
export async function runCommand(ctx: BotContext, name: string): Promise<void> {
  const command = COMMANDS.find((each) => each.name === name.toLowerCase())
  if (command !== undefined) return command.run(ctx)
  const language = await languageOf(ctx)
  await ctx.ourChat.say('unknown-command', textMessage(language, 'unsupported.command'))
}

/** The menu's entries in a language, as Telegram's setMyCommands takes them. */
export function commandMenu(language: InterfaceLanguage) {
  return COMMANDS.map(({ name, description }) => ({
    command: name,
    description: text(language, description),
  }))
}

async function help(ctx: BotContext): Promise<void> {
  const language = await languageOf(ctx)
  const { plan } = ctx.deps.quota
  const limits = {
    ...plan,
    maxSeconds: MAX_VOICE_SECONDS,
    minLength: MIN_TEXT_LENGTH,
    maxLength: MAX_TEXT_LENGTH,
  }
  const menu = COMMANDS.map(({ name, description }) => ({
    name,
    description: text(language, description),
  }))
  await ctx.ourChat.say('help', helpMessage(language, limits, menu))
}

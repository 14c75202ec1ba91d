import type { NarrowedContext } from 'telegraf'
import type { Message, Update } from 'telegraf/types'
import type { Expectation } from '../app/expectations.ts'
import type { BotContext, ChatDeps } from './context.ts'
import type { TextKey } from './texts/texts.ts'

/** One subject's share of the bot, with the dependencies that it needs; features.ts lists all. */
export type Feature<D extends ChatDeps> = {
  /** The heading that its commands have in /help; the first, where it is not said. */
  group?: CommandGroup
  /** Dispatch, /help and Telegram's menu follow from these. */
  commands: readonly Command<D>[]
  presses: readonly Press<D>[]
  replies?: readonly Reply<D>[]
}

/** The headings of /help, in their order. */
export const COMMAND_GROUPS = ['learn', 'progress', 'settings', 'account'] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

export type Command<D extends ChatDeps> = {
  name: string
  description: TextKey & `command.${string}`
  run(ctx: BotContext<D>): Promise<void>
}

export type PressContext<D extends ChatDeps> = NarrowedContext<
  BotContext<D>,
  Update.CallbackQueryUpdate
>

/**
 * One kind of button. Its callback data is `<name>:<value>`, and buttons stay in chats for years: a name
 * that has shipped keeps its meaning.
 */
export type Press<D extends ChatDeps, V = unknown> = {
  /** Holds no colon, and no other press has it; a new one begins with its feature's name (`settings-speed`). */
  name: string
  /** Reads callback data, which can be forged: undefined for a value that no button of this kind has today. */
  read(value: string): V | undefined
  /**
   * Does what the button says, in the presser's own private chat; `messageId` is the button's message.
   * A method, so that presses of different values fit into one list: `value` is always from `read`. A text that it returns
   * is shown for a moment above the chat; work that it returns is done once the press is answered.
   */
  run(
    ctx: PressContext<D>,
    value: V,
    messageId: number,
  ): Promise<string | (() => Promise<void>) | undefined> | Promise<void>
}

/** What a reply to a question of a feature's does: the question was opened under this kind (`Expectations.open`). */
export type Reply<D extends ChatDeps> = {
  kind: string
  /** Whether a voice note or a text can be the answer, and is not a message like any other; each can, where it is not said. */
  isAnswer?(message: Message): boolean
  run(ctx: BotContext<D>, expectation: Expectation, message: Message): Promise<void>
}

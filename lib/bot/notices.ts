import type { Message } from 'telegraf/types'
import type { BotContext, ChatDeps } from './context.ts'

/** Longer than Telegram resends an update. */
const KEEP_HOURS = 25

/** Tells whether this job is the one to say something that a chat is told once, for good. */
export function isFirst(
  { chatId, deps, run }: BotContext<ChatDeps>,
  name: string,
): Promise<boolean> {
  return deps.notices.claim(run.job, { chatId, name })
}

/** The same of something that many updates have in common and that is soon over: an album, a double tap. */
export function isFirstOf(
  { chatId, deps, run }: BotContext<ChatDeps>,
  cause: `${'album' | 'refused-album' | 'native' | 'level'}:${string}`,
): Promise<boolean> {
  return deps.notices.claim(run.job, { chatId, name: cause, keepHours: KEEP_HOURS })
}

/** The album that a message is part of; each part of it comes as a message of its own. */
export function albumOf(message: Message): string | undefined {
  return 'media_group_id' in message ? message.media_group_id : undefined
}

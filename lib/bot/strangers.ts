import { findLanguage } from '../domain/learner/languages.ts'
import type { Learner } from '../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from './context.ts'

/** The journal's name for a job whose sender was nobody's learner when it first ran. */
const STRANGER = 'stranger'

/** Where Telegram tells no language, or one that we explain nothing in. */
const UNTOLD_LANGUAGE = 'en'

/**
 * The learner who has written; one who talks before the first question is answered becomes one, with what Telegram
 * tells of them and the default settings.
 */
export async function meetLearner(ctx: BotContext<ChatDeps>): Promise<Learner> {
  const { deps, from, run, senderId } = ctx
  const learner = await deps.learners.findByTelegramId(senderId)
  if (learner !== undefined) return learner
  run.store(STRANGER, true)
  const language = findLanguage(from?.language_code ?? '')?.code ?? UNTOLD_LANGUAGE
  return deps.learners.findOrCreate(senderId, language)
}

/** Tells whether `meetLearner` has made the sender of this job a learner, in this run or an earlier one. */
export function isStranger({ run }: BotContext<ChatDeps>): boolean {
  return run.stored<boolean>(STRANGER) === true
}

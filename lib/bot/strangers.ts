import { findLanguage } from '../domain/learner/languages.ts'
import type { Learner } from '../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from './context.ts'
import { isFirst } from './notices.ts'
import { interfaceLanguage } from './texts/language.ts'

/** The notice, and the journal's name, of a job whose sender was no learner when it first ran. */
const STRANGER = 'stranger'

/** Where Telegram tells no language, or one that we explain nothing in. */
const UNTOLD_LANGUAGE = 'en'
/** Where the app is in Czech: we explain nothing in it, and whose explanations are in Slovak is written to in Czech. */
const NEAREST_TO_CZECH = 'sk'

/**
 * The learner who has written; one who talks before the first question is answered becomes one, with what Telegram
 * tells of them and the default settings.
 */
export async function meetLearner(ctx: BotContext<ChatDeps>): Promise<Learner> {
  const { deps, from, run, senderId } = ctx
  const learner = await ctx.findSender()
  if (learner !== undefined) return learner
  // Before there is a learner: a run that resumes this job would find one, and not know since when.
  await isFirst(ctx, STRANGER)
  run.store(STRANGER, true)
  return deps.learners.findOrCreate(senderId, explanationLanguage(from?.language_code))
}

function explanationLanguage(appLanguage: string | undefined): string {
  const ownCode = findLanguage(appLanguage ?? '')?.code
  const isCzech = interfaceLanguage(appLanguage) === 'cs'
  return ownCode ?? (isCzech ? NEAREST_TO_CZECH : UNTOLD_LANGUAGE)
}

/** Tells whether `meetLearner` has made the sender of this job a learner, in this run or an earlier one. */
export async function isStranger({ chatId, deps, run }: BotContext<ChatDeps>): Promise<boolean> {
  if (run.stored<boolean>(STRANGER) === true) return true
  return run.job.isResumed && deps.notices.isClaimed(run.job, { chatId, name: STRANGER })
}

import type { Expectations } from '../../app/expectations.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from '../context.ts'

/** What a feature needs that asks for a place. */
export type ZoneDeps = ChatDeps & { expectations: Expectations }

/** The kind of the question for a place. */
export const PLACE_QUESTION = 'zone'

const KEEP_HOURS = 24

/** From here on a text that replies to the message names a place. */
export function expectPlace(
  { deps, run, chatId }: BotContext<ZoneDeps>,
  { id: learnerId }: Learner,
  messageId: number,
): Promise<void> {
  const question = { kind: PLACE_QUESTION, about: '', chatId, messageId, learnerId }
  return deps.expectations.open(run.job, { ...question, keepHours: KEEP_HOURS })
}

import type { KeptLessons } from '../../app/lesson/kept-lessons.ts'
import type { ChatDeps } from '../context.ts'
import type { Press } from '../feature.ts'
import { MORE, verdictKeyboard } from '../lesson-buttons.ts'
import { text } from '../texts/texts.ts'
import { findPressed, keptVerdict } from './kept-verdict.ts'
import { verdictMessage } from './verdict.ts'

/** Shows all that was found, in the verdict's place. */
export const morePress: Press<ChatDeps & { keptLessons: KeptLessons }, number> = {
  ...MORE,
  async run(ctx, jobId, messageId) {
    const search = await findPressed(ctx, jobId)
    if ('notice' in search) return search.notice
    const { lesson } = search
    const language = ctx.languageFor(lesson.learner)
    const verdict = keptVerdict(lesson, 'detailed')
    if (verdict === undefined) return text(language, 'aside.underWay')
    const { isRetaken } = lesson
    const keyboard = verdictKeyboard(language, jobId, { isRetaken, hasMore: false })
    await ctx.ourChat.edit(messageId, verdictMessage(language, verdict), { keyboard })
  },
}

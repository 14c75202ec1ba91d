import type { Inbox, Wake } from '../../app/jobs/inbox.ts'
import type { KeptLessons } from '../../app/lesson/kept-lessons.ts'
import { type ChatDeps, languageOf } from '../context.ts'
import type { Feature, Press, PressContext } from '../feature.ts'
import { ANSWERS, formOfReply, SLOWER, TRANSLATE } from '../lesson-buttons.ts'
import { text } from '../texts/texts.ts'
import { type AsideKind, requestAside } from './request.ts'

export type AsidePressDeps = ChatDeps & { keptLessons: KeptLessons; inbox: Inbox; wake: Wake }

/** What a learner can ask about a reply: its translation, the same more slowly, what to answer. */
export const aside: Feature<AsidePressDeps> = {
  commands: [],
  presses: [
    pressOf(TRANSLATE, 'translate'),
    pressOf(SLOWER, 'slower', { repeats: true }),
    pressOf(ANSWERS, 'answers'),
  ],
}

/** A press that has a job of its own do the work, in the slots of lessons: those of presses stay free. */
function pressOf(
  button: Pick<Press<AsidePressDeps, number>, 'name' | 'read'>,
  kind: AsideKind,
  { repeats = false } = {},
): Press<AsidePressDeps, number> {
  return {
    ...button,
    run: (ctx, jobId, messageId) => request(ctx, kind, jobId, messageId, repeats),
  }
}

async function request(
  ctx: PressContext<AsidePressDeps>,
  kind: AsideKind,
  jobId: number,
  messageId: number,
  repeats: boolean,
): Promise<string | undefined> {
  const search = await ctx.deps.keptLessons.find(jobId, ctx.senderId)
  if (search.kind !== 'found') {
    const key = search.kind === 'none' ? 'unsupported.button' : 'aside.underWay'
    return text(await languageOf(ctx), key)
  }
  const { learner, messages } = search.lesson
  const language = ctx.languageFor(learner)
  const form = formOfReply(messages, ctx.callbackQuery.message)
  const fields = { kind, jobId, telegramId: ctx.senderId, messageId, form, language }
  const { receivedAt: pressedAt } = ctx.run.job
  const isUnderWay = await requestAside(ctx.deps, learner.id, fields, { repeats, pressedAt })
  return isUnderWay ? undefined : text(language, 'aside.done')
}

import type { KeptLesson, KeptLessons } from '../../app/lesson/kept-lessons.ts'
import { editsOf } from '../../app/lesson/teach.ts'
import type { CorrectionsLevel } from '../../domain/learner/learner.ts'
import { correctionsShownTo } from '../../domain/lesson/shown-edits.ts'
import { type ChatDeps, languageOf } from '../context.ts'
import type { PressContext } from '../feature.ts'
import { renderHtml } from '../html.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'
import { hasMore, type Verdict } from './verdict.ts'

/** Finds the lesson that a press is about; where there is none, what to tell the presser. */
export async function findPressed(
  ctx: PressContext<ChatDeps & { keptLessons: KeptLessons }>,
  jobId: number,
): Promise<{ lesson: KeptLesson } | { notice: string }> {
  const search = await ctx.deps.keptLessons.find(jobId, ctx.senderId)
  if (search.kind === 'found') return search
  const key = search.kind === 'none' ? 'unsupported.button' : 'aside.underWay'
  return { notice: text(await languageOf(ctx), key) }
}

/** The verdict of a lesson as it was shown, at a level of corrections; undefined before its message is noted. */
export function keptVerdict(
  lesson: KeptLesson,
  correctionsLevel: CorrectionsLevel,
): Verdict | undefined {
  const { messages, learner, kind, said, correctedText } = lesson
  if (messages.verdict === null) return undefined
  return {
    ...lesson,
    ...messages.verdict.progress,
    edits: editsOf(kind, said, correctedText),
    character: messages.reply?.character ?? learner.character,
    correctionsLevel,
    isReplyWritten: messages.reply?.form === 'text',
  }
}

/** Tells whether a lesson's verdict, as it is shown, leaves something out. */
export function leavesOut(lesson: KeptLesson): boolean {
  const verdict = keptVerdict(lesson, correctionsShownTo(lesson.learner))
  return verdict !== undefined && hasMore(verdict)
}

/** What stands in place of a verdict that counts no more. */
export function withdrawnMessage(
  language: InterfaceLanguage,
  key: 'retake.replaced' | 'retake.withdrawn',
  said: string,
): string {
  return renderHtml([[{ text: `↩️ ${text(language, key)}` }], [{ text: said, style: 's' }]])
}

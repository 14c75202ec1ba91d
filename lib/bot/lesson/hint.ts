import { type Expectations, HINT } from '../../app/expectations.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { renderHtml } from '../html.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'
import { markUp } from './marked-text.ts'
import { leftLines, saidHeading } from './sections.ts'
import type { Verdict } from './verdict.ts'

/** How long what a learner says next is compared with the sentence; the button under the hint works for good. */
const KEEP_HOURS = 7 * 24

/** The journal's name for the message of a hint that is open. */
const SHOWN = 'hint-shown'

/** What stands in the verdict's place: what was said, and how to find what is wrong in it. */
export function hintMessage(
  language: InterfaceLanguage,
  {
    kind,
    said,
    doubtfulWords,
    ...lesson
  }: Pick<Verdict, 'kind' | 'said' | 'doubtfulWords' | 'lessonsLeft'>,
  hint: string,
): string {
  return renderHtml([
    [...saidHeading(language, kind), ...markUp(said, [], doubtfulWords)],
    [{ text: '💡 ' }, { text: hint, style: 'b' }],
    [{ text: text(language, 'hint.tryAgain') }],
    [{ text: leftLines(language, { kind, ...lesson }).join('\n') }],
  ])
}

/**
 * Shows a hint by `show` and opens it: from here on what the learner says next decides. The message's id.
 *
 * Once a job: before a later run the learner may have had the verdict shown in the place of the hint.
 */
export async function openHint(
  { deps, run, chatId }: BotContext<ChatDeps & { expectations: Expectations }>,
  { id: learnerId }: Learner,
  show: () => Promise<number>,
): Promise<number> {
  const shownMessageId = run.stored<number>(SHOWN)
  if (shownMessageId !== undefined) return shownMessageId
  const messageId = await show()
  const question = { kind: HINT, about: String(run.job.id), chatId, messageId, learnerId }
  await deps.expectations.open(run.job, { ...question, keepHours: KEEP_HOURS })
  run.store(SHOWN, messageId)
  return messageId
}

import type { Message } from 'telegraf/types'
import type { Expectation, Expectations } from '../../app/expectations.ts'
import type { Journal } from '../../app/jobs/journal.ts'
import type { KeptLesson, KeptLessons } from '../../app/lesson/kept-lessons.ts'
import { type RetakeDeps, retakeDeps, withdrawLesson } from '../../app/lesson/retake.ts'
import type { Retakes } from '../../app/lesson/retakes.ts'
import { type BotContext, type ChatDeps, languageOf } from '../context.ts'
import type { Press, Reply } from '../feature.ts'
import { NO_BUTTONS, RETAKE, verdictKeyboard, WITHDRAW, withdrawRow } from '../lesson-buttons.ts'
import { textMessage } from '../text-message.ts'
import { text } from '../texts/texts.ts'
import { findPressed, leavesOut, withdrawnMessage } from './kept-verdict.ts'
import { type LessonManner, textLesson, voiceLesson } from './lesson.ts'
import { findSentReply } from './reply-message.ts'

type PressDeps = ChatDeps & {
  keptLessons: KeptLessons
  retakes: Retakes
  expectations: Expectations
  journal: Pick<Journal, 'find'>
}

/** What the question for other words is about, by the job of its lesson. */
const KIND = 'retake'
const KEEP_HOURS = 24

/** Asks what was really said, and offers to take the lesson back. */
export const retakePress: Press<PressDeps, number> = {
  ...RETAKE,
  async run(ctx, jobId, messageId) {
    const search = await findPressed(ctx, jobId)
    if ('notice' in search) return search.notice
    const { lesson } = search
    const language = ctx.languageFor(lesson.learner)
    if (lesson.isRetaken) return text(language, 'unsupported.button')
    const { expectations, telegram } = ctx.deps
    const question = { kind: KIND, about: String(jobId) }
    const { id: learnerId } = lesson.learner
    if (await expectations.isOpen(learnerId, question)) return text(language, 'retake.asked')

    const forceReply = text(language, 'retake.placeholder')
    const options = { replyTo: messageId, forceReply }
    const button = text(language, 'retake.withdraw')
    const ask = textMessage(language, 'retake.ask', { button })
    const questionId = await ctx.ourChat.say('retake', ask, options)
    const { chatId } = ctx
    const opening = { ...question, chatId, messageId: questionId, learnerId, keepHours: KEEP_HOURS }
    await expectations.open(ctx.run.job, opening)
    const { inline_keyboard } = verdictKeyboard(language, jobId, {
      isRetaken: false,
      hasMore: leavesOut(lesson),
    })
    const keyboard = { inline_keyboard: [...inline_keyboard, withdrawRow(language, jobId)] }
    await telegram.editKeyboard(chatId, messageId, keyboard)
  },
}

/** A lesson as it was: what the job that changes it needs of it at each of its runs. */
type StoredLesson = Omit<KeptLesson, 'learner'>
const STORED = 'lesson-before'

/** Takes the lesson back, and says so in the verdict's place. */
export const withdrawPress: Press<PressDeps, number> = {
  ...WITHDRAW,
  async run(ctx, jobId, messageId) {
    const { run, deps } = ctx
    const storedLesson = run.stored<StoredLesson>(STORED)
    const search =
      storedLesson === undefined ? await findPressed(ctx, jobId) : { lesson: storedLesson }
    if ('notice' in search) return search.notice
    const { lesson } = search
    const language = await languageOf(ctx)
    if (lesson.isRetaken) return text(language, 'unsupported.button')
    run.store(STORED, withoutLearner(lesson))
    // Once it is withdrawn it cannot be looked up any more.
    await run.settled()
    await withdrawLesson(deps, run, lesson)
    const html = withdrawnMessage(language, 'retake.withdrawn', lesson.said)
    await ctx.ourChat.edit(messageId, html, { keyboard: NO_BUTTONS })
    // Looked up only now: what is sent from here on finds that the lesson is withdrawn.
    await disarmReply(ctx, lesson, await deps.retakes.findReply(lesson))
  },
}

/** What was really said takes the lesson's place: a new reply, verdict and voice note. */
export const retakeReply: Reply<PressDeps & RetakeDeps> = {
  kind: KIND,
  async run(ctx, expectation, message) {
    const lesson = await lessonBefore(ctx, expectation)
    // Withdrawn or deleted since the question: then this is a lesson like any other.
    if (lesson === undefined) return void (await teach(ctx, message))
    const isTaught = await teach(ctx, message, {
      deps: retakeDeps(ctx.deps, lesson),
      isRetake: true,
    })
    if (!isTaught) return
    const { chatId } = ctx
    await ctx.deps.expectations.close(ctx.run.job, { chatId, messageId: expectation.messageId })
    await markReplaced(ctx, lesson)
    ctx.deps.log.info('lesson_retaken', { job_id: ctx.run.job.id, lesson_id: lesson.id })
  },
}

async function lessonBefore(
  ctx: BotContext<PressDeps>,
  { about }: Expectation,
): Promise<StoredLesson | undefined> {
  const { run, deps, senderId } = ctx
  const storedLesson = run.stored<StoredLesson>(STORED)
  if (storedLesson !== undefined) return storedLesson
  const search = await deps.keptLessons.find(Number(about), senderId)
  if (search.kind !== 'found') return undefined
  const lesson = withoutLearner(search.lesson)
  run.store(STORED, lesson)
  // Before it has a place beside the plan: a run that took it for a lesson of its own would teach it in that place.
  await run.settled()
  return lesson
}

function withoutLearner({
  learner: _,
  ...lesson
}: StoredLesson & { learner?: unknown }): StoredLesson {
  return lesson
}

/** Teaches what was said or written; true where it has become a lesson. */
async function teach(
  ctx: BotContext<PressDeps & RetakeDeps>,
  message: Message,
  manner?: LessonManner,
): Promise<boolean> {
  if ('voice' in message) return voiceLesson(ctx, message, message.voice, manner)
  return 'text' in message && textLesson(ctx, message, message.text, manner)
}

/** The first verdict is withdrawn, and neither it nor its reply has buttons any more. */
async function markReplaced(ctx: BotContext<PressDeps>, lesson: StoredLesson): Promise<void> {
  const { verdict, reply } = lesson.messages
  const verdictMessageId = verdict?.messageId ?? (await findSentVerdict(ctx, lesson))
  if (verdictMessageId !== undefined) {
    const html = withdrawnMessage(await languageOf(ctx), 'retake.replaced', lesson.said)
    await ctx.ourChat.edit(verdictMessageId, html, { keyboard: NO_BUTTONS })
  }
  await disarmReply(ctx, lesson, reply?.messageId)
}

/** The verdict of a lesson whose job has died before it was noted. */
async function findSentVerdict(
  { deps: { journal } }: BotContext<PressDeps>,
  { jobId }: StoredLesson,
): Promise<number | undefined> {
  const messageId = (await journal.find(jobId, 'verdict')) ?? (await journal.find(jobId, 'heard'))
  return messageId as number | undefined
}

/** Takes the buttons from a lesson's reply, which its job may have sent without noting it any more. */
async function disarmReply(
  { deps: { journal, telegram }, chatId }: BotContext<PressDeps>,
  { jobId }: StoredLesson,
  notedMessageId: number | undefined,
): Promise<void> {
  const messageId = notedMessageId ?? (await findSentReply((step) => journal.find(jobId, step)))
  if (messageId !== undefined) await telegram.editKeyboard(chatId, messageId, NO_BUTTONS)
}

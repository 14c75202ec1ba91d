import { HELD, type Journal } from '../../app/jobs/journal.ts'
import type { Attempts, HeldSpeech } from '../../app/lesson/attempts.ts'
import type { KeptLesson } from '../../app/lesson/kept-lessons.ts'
import type { Speech } from '../../app/lesson/speaker.ts'
import type { LessonMessages, ReplyMessage } from '../../app/lesson/stores.ts'
import { correctionsShownTo } from '../../domain/lesson/shown-edits.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import type { Section } from '../html.ts'
import { NO_BUTTONS, replyKeyboard, verdictKeyboard } from '../lesson-buttons.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { keptVerdict } from './kept-verdict.ts'
import { sendReplyMessage } from './reply-message.ts'
import { hasMore, type Verdict, verdictMessage } from './verdict.ts'

export type HeldLessonDeps = ChatDeps & { attempts: Attempts; journal: Pick<Journal, 'find'> }

/** A lesson whose verdict is held back behind a hint, which has the verdict's message. */
export type HeldLesson = { lesson: KeptLesson; verdict: Verdict; hintMessageId: number }

/** The lesson as held back, with the message of its hint as far as that is known; undefined before it is noted. */
export function heldLessonOf(
  lesson: KeptLesson,
  hintMessageId = lesson.messages.verdict?.messageId,
): HeldLesson | undefined {
  const verdict = keptVerdict(lesson, correctionsShownTo(lesson.learner))
  if (verdict === undefined || hintMessageId === undefined) return undefined
  return { lesson, verdict, hintMessageId }
}

/** Puts the verdict in the hint's place, and sends the voice note where it is still wanted. */
export async function showInPlace(
  ctx: BotContext<HeldLessonDeps>,
  heldLesson: HeldLesson,
  { withReply }: { withReply: boolean },
): Promise<void> {
  const { lesson, verdict, hintMessageId } = heldLesson
  const language = ctx.languageFor(lesson.learner)
  const keyboard = keyboardOf(language, heldLesson)
  const speech = await heldSpeechOf(ctx, lesson)
  const html = verdictMessage(language, {
    ...verdict,
    isReplyWritten: !withReply || isWritten(lesson, speech),
  })
  const edit = await ctx.ourChat.edit(hintMessageId, html, { keyboard })
  const say = () => ctx.ourChat.say(`verdict:${lesson.jobId}`, html, { keyboard })
  // The learner may have deleted the hint; the verdict is theirs all the same.
  const messageId = edit === 'edited' ? hintMessageId : await say()
  const reply = withReply ? await sendHeldReply(ctx, language, lesson, speech) : null
  await conclude(ctx, heldLesson, { messageId, reply, totalStars: verdict.totalStars })
}

/** Answers an attempt by the verdict, with `sectionsAbove` over it, then by the voice note. */
export async function answerByVerdict(
  ctx: BotContext<HeldLessonDeps>,
  heldLesson: HeldLesson,
  {
    replyTo,
    sectionsAbove,
    totalStars,
  }: { replyTo: number; sectionsAbove: Section[]; totalStars: number },
): Promise<void> {
  const { lesson, hintMessageId } = heldLesson
  const language = ctx.languageFor(lesson.learner)
  const speech = await heldSpeechOf(ctx, lesson)
  const isReplyWritten = isWritten(lesson, speech)
  const html = verdictMessage(
    language,
    { ...heldLesson.verdict, totalStars, isReplyWritten },
    sectionsAbove,
  )
  const options = { replyTo, keyboard: keyboardOf(language, heldLesson) }
  const messageId = await ctx.ourChat.say('verdict', html, options)
  await ctx.deps.telegram.editKeyboard(ctx.chatId, hintMessageId, NO_BUTTONS)
  const reply = await sendHeldReply(ctx, language, lesson, speech)
  await conclude(ctx, heldLesson, { messageId, reply, totalStars })
}

function keyboardOf(language: InterfaceLanguage, { lesson, verdict }: HeldLesson) {
  return verdictKeyboard(language, lesson.jobId, { isRetaken: false, hasMore: hasMore(verdict) })
}

async function heldSpeechOf(
  { deps }: BotContext<HeldLessonDeps>,
  { jobId }: KeptLesson,
): Promise<HeldSpeech | undefined> {
  return (await deps.journal.find(jobId, HELD)) as HeldSpeech | undefined
}

/** Tells whether there is no voice note to listen to before the reply is read. */
function isWritten({ messages }: KeptLesson, heldSpeech: HeldSpeech | undefined): boolean {
  return messages.reply === null ? speechOf(heldSpeech) === null : messages.reply.form === 'text'
}

/** Sends the speech that the lesson's job has kept; in writing, where it is kept no more. */
async function sendHeldReply(
  ctx: BotContext<HeldLessonDeps>,
  language: InterfaceLanguage,
  { jobId, reply: text, learner, messages }: KeptLesson,
  heldSpeech: HeldSpeech | undefined,
): Promise<ReplyMessage> {
  // A run before has sent it, noted it and forgotten the speech.
  if (messages.reply !== null) return messages.reply
  const { speed, character } = heldSpeech ?? { ...learner, speed: learner.voiceSpeed }
  const keyboard = replyKeyboard(language, jobId, { reply: text, speed })
  const speech = speechOf(heldSpeech)
  const outgoing = {
    text,
    speech,
    isSpared: heldSpeech?.isSpared ?? false,
    speed,
    character,
    keyboard,
  }
  return sendReplyMessage(ctx, language, outgoing)
}

function speechOf({ ogg, durationSeconds }: Partial<Speech> = {}): Speech | null {
  return ogg === undefined || durationSeconds === undefined ? null : { ogg, durationSeconds }
}

/** Notes where the verdict and the reply stand now. */
async function conclude(
  { deps, run, chatId }: BotContext<HeldLessonDeps>,
  { lesson }: HeldLesson,
  {
    messageId,
    reply,
    totalStars,
  }: { messageId: number; reply: ReplyMessage | null; totalStars: number },
): Promise<void> {
  const progress = lesson.messages.verdict?.progress
  const messages: LessonMessages = {
    verdict: progress === undefined ? null : { messageId, progress: { ...progress, totalStars } },
    reply,
  }
  // What was sent is stored before what it was sent from is forgotten.
  await run.settled()
  const isLesson = await deps.attempts.conclude(run.job, lesson, messages)
  // The press that took the lesson back knew no message of its reply.
  if (!isLesson && reply !== null)
    await deps.telegram.editKeyboard(chatId, reply.messageId, NO_BUTTONS)
}

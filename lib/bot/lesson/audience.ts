import type { Expectations } from '../../app/expectations.ts'
import { HELD } from '../../app/jobs/journal.ts'
import type { HeldSpeech } from '../../app/lesson/attempts.ts'
import type { Audience, TaughtLesson } from '../../app/lesson/lesson.ts'
import type { Speech } from '../../app/lesson/speaker.ts'
import type { LessonMessages } from '../../app/lesson/stores.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { correctionsShownTo } from '../../domain/lesson/shown-edits.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { hintKeyboard, replyKeyboard, verdictKeyboard } from '../lesson-buttons.ts'
import { hintMessage, openHint } from './hint.ts'
import { disarmSentReply, sendReplyMessage } from './reply-message.ts'
import { transcriptMessageIn } from './transcript-message.ts'
import { answerMessage, hasMore, verdictMessage } from './verdict.ts'

/** The journal's name for what the learner had chosen when the lesson began. */
const TRIES_FIRST = 'tries-first'

/** A learner on Telegram: one message shows the transcript and becomes the verdict; a voice note follows. */
export function telegramAudience(
  ctx: BotContext<ChatDeps & { expectations: Expectations }>,
  learner: Learner,
  replyTo: number,
  { isRetake = false } = {},
): Audience {
  const language = ctx.languageFor(learner)
  const jobId = ctx.run.job.id
  const transcriptMessage = transcriptMessageIn(ctx, language, replyTo)
  const messages: LessonMessages = { verdict: null, reply: null }

  // Once a lesson: what is said in a lesson's place has no hint.
  const isTryingFirst = !isRetake && triesFirst(ctx, learner)

  async function hint(lesson: TaughtLesson, line: string): Promise<void> {
    const { streak, lessonsOnDay, progress } = lesson
    const html = hintMessage(language, lesson, line)
    const options = { keyboard: hintKeyboard(language, jobId) }
    const messageId = await openHint(ctx, learner, () => transcriptMessage.turnInto(html, options))
    const { totalStars } = progress
    messages.verdict = { messageId, progress: { totalStars, streak, lessonsOnDay } }
  }

  function hold(speech: Speech | null, { isSpared }: { isSpared: boolean }): void {
    const { voiceSpeed: speed, character } = learner
    const heldSpeech: HeldSpeech = { ...speech, speed, character, isSpared }
    ctx.run.store(HELD, heldSpeech)
  }

  return {
    transcript: (transcript) => transcriptMessage.show(transcript),

    // The learner listens first: the verdict has the reply behind a spoiler.
    reply() {},
    speechChunk() {},

    async verdict(lesson) {
      const { totalStars } = lesson.progress
      const { character } = learner
      const correctionsLevel = correctionsShownTo(learner)
      const isReplyWritten = lesson.isSpared === true
      const verdict = { ...lesson, totalStars, character, correctionsLevel, isReplyWritten }
      const keyboard = verdictKeyboard(language, jobId, {
        isRetaken: isRetake,
        hasMore: hasMore(verdict),
      })
      const messageId = await transcriptMessage.turnInto(verdictMessage(language, verdict), {
        keyboard,
      })
      const { streak, lessonsOnDay } = lesson
      messages.verdict = { messageId, progress: { totalStars, streak, lessonsOnDay } }
    },

    async answer(answer) {
      const { character } = learner
      await transcriptMessage.turnInto(answerMessage(language, { ...answer, character }))
    },

    async speech(speech, { text: reply, isLesson, isSpared = false }) {
      const { voiceSpeed: speed, character } = learner
      const keyboard = isLesson ? replyKeyboard(language, jobId, { reply, speed }) : undefined
      const outgoing = { text: reply, speech, isSpared, speed, character, keyboard }
      messages.reply = await sendReplyMessage(ctx, language, outgoing)
    },

    ...(isTryingFirst && { tryFirst: { hint, hold } }),

    messages: () => messages,

    disarmReply: () => disarmSentReply(ctx),
  }
}

/** Tells whether the learner is given a hint first. A retry does as the lesson's first run did. */
function triesFirst({ run }: BotContext<ChatDeps>, learner: Learner): boolean {
  const isChosen = learner.answersToMistakes === 'try_first' || run.stored(TRIES_FIRST) === true
  if (isChosen) run.store(TRIES_FIRST, true)
  return isChosen
}

import type { Expectations } from '../../app/expectations.ts'
import { HELD } from '../../app/jobs/journal.ts'
import type { HeldSpeech } from '../../app/lesson/attempts.ts'
import type { Audience, TaughtLesson, TryFirst } from '../../app/lesson/lesson.ts'
import type { LessonMessages } from '../../app/lesson/stores.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { correctionsShownTo } from '../../domain/lesson/shown-edits.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { hintKeyboard, replyKeyboard, verdictKeyboard } from '../lesson-buttons.ts'
import { hintMessage, openHint } from './hint.ts'
import { disarmSentReply, sendReplyMessage } from './reply-message.ts'
import { type TranscriptMessage, transcriptMessageIn } from './transcript-message.ts'
import { answerMessage, hasMore, verdictMessage } from './verdict.ts'

/** The journal's name for what the learner had chosen when the lesson began. */
const TRIES_FIRST = 'tries-first'

/** The context of an update whose answer may open a hint. */
type HintingContext = BotContext<ChatDeps & { expectations: Expectations }>

/** A learner on Telegram: one message shows the transcript and becomes the verdict; a voice note follows. */
export function telegramAudience(
  ctx: HintingContext,
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
      const html = verdictMessage(language, verdict)
      const messageId = await transcriptMessage.turnInto(html, { keyboard })
      messages.verdict = verdictIn(messageId, lesson)
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

    ...(isTryingFirst && {
      tryFirst: tryingFirst(ctx, learner, transcriptMessage, (messageId, lesson) => {
        messages.verdict = verdictIn(messageId, lesson)
      }),
    }),

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

/** Shows hints in the message of the transcript, and tells where one is shown: it has the verdict's place. */
function tryingFirst(
  ctx: HintingContext,
  learner: Learner,
  transcriptMessage: TranscriptMessage,
  onHint: (messageId: number, lesson: TaughtLesson) => void,
): TryFirst {
  const language = ctx.languageFor(learner)
  return {
    async hint(lesson, line) {
      const html = hintMessage(language, lesson, line)
      const keyboard = hintKeyboard(language, ctx.run.job.id)
      const show = () => transcriptMessage.turnInto(html, { keyboard })
      onHint(await openHint(ctx, learner, show), lesson)
    },

    hold(speech, { isSpared }) {
      const { voiceSpeed: speed, character } = learner
      const heldSpeech: HeldSpeech = { ...speech, speed, character, isSpared }
      ctx.run.store(HELD, heldSpeech)
    },
  }
}

/** Where a verdict is, and what it says of the learner's day. */
function verdictIn(
  messageId: number,
  { progress: { totalStars }, streak, lessonsOnDay }: TaughtLesson,
): LessonMessages['verdict'] {
  return { messageId, progress: { totalStars, streak, lessonsOnDay } }
}

import { recover } from '../../app/error.ts'
import type { Expectations } from '../../app/expectations.ts'
import { HELD } from '../../app/jobs/journal.ts'
import type { HeldSpeech } from '../../app/lesson/attempts.ts'
import type { Audience, TaughtLesson } from '../../app/lesson/lesson.ts'
import type { Speech } from '../../app/lesson/speaker.ts'
import type { LessonMessages } from '../../app/lesson/stores.ts'
import type { SoundOptions } from '../../app/telegram.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { correctionsShownTo } from '../../domain/lesson/shown-edits.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { hintKeyboard, NO_BUTTONS, replyKeyboard, verdictKeyboard } from '../lesson-buttons.ts'
import { hintMessage, openHint } from './hint.ts'
import { sendReplyMessage } from './reply-message.ts'
import { answerMessage, hasMore, transcriptMessage, verdictMessage } from './verdict.ts'

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
  const chat = ctx.ourChat
  const jobId = ctx.run.job.id
  let transcriptMessageId: Promise<number | null> = Promise.resolve(null)
  const messages: LessonMessages = { verdict: null, reply: null }

  /** Makes the transcript's message this one; its id. */
  async function showBehindTranscript(
    html: string,
    options: Pick<SoundOptions, 'keyboard'> = {},
  ): Promise<number> {
    const send = () => chat.say('verdict', html, { replyTo, ...options })
    const messageId = await transcriptMessageId
    // A retry must find this message's id: it would make a second verdict of another message.
    await ctx.run.settled()
    if (messageId === null) return send()
    const edit = recover(
      chat.edit(messageId, html, options),
      ['telegram-rejected'],
      () => 'refused',
    )
    // The learner may have deleted the transcript; the verdict is theirs all the same.
    return (await edit) === 'edited' ? messageId : send()
  }

  // Once a lesson: what was said in another one's place has none. A retry does as the first run did.
  const isTryingFirst =
    !isRetake && (learner.answersToMistakes === 'try_first' || ctx.run.stored(TRIES_FIRST) === true)
  if (isTryingFirst) ctx.run.store(TRIES_FIRST, true)

  async function hint(lesson: TaughtLesson, line: string): Promise<void> {
    const { streak, lessonsOnDay, progress } = lesson
    const html = hintMessage(language, lesson, line)
    const options = { keyboard: hintKeyboard(language, jobId) }
    const messageId = await openHint(ctx, learner, () => showBehindTranscript(html, options))
    const { totalStars } = progress
    messages.verdict = { messageId, progress: { totalStars, streak, lessonsOnDay } }
  }

  function hold(speech: Speech | null, { isSpared }: { isSpared: boolean }): void {
    const { voiceSpeed: speed, character } = learner
    const heldSpeech: HeldSpeech = { ...speech, speed, character, isSpared }
    ctx.run.store(HELD, heldSpeech)
  }

  return {
    async transcript(transcript) {
      // Without the message's id (Telegram refused it, or its arrival is unknown), the verdict is a new message.
      transcriptMessageId = recover(
        chat.say('heard', transcriptMessage(language, transcript), { replyTo }),
        ['send-given-up', 'telegram-rejected'],
        () => null,
      )
      await transcriptMessageId
      // Telegram clears the indicator when a message arrives.
      chat.showRecording()
    },

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
      const messageId = await showBehindTranscript(verdictMessage(language, verdict), { keyboard })
      const { streak, lessonsOnDay } = lesson
      messages.verdict = { messageId, progress: { totalStars, streak, lessonsOnDay } }
    },

    async answer(answer) {
      const { character } = learner
      await showBehindTranscript(answerMessage(language, { ...answer, character }))
    },

    async speech(speech, { text: reply, isLesson, isSpared = false }) {
      const { voiceSpeed: speed, character } = learner
      const keyboard = isLesson ? replyKeyboard(language, jobId, { reply, speed }) : undefined
      const outgoing = { text: reply, speech, isSpared, speed, character, keyboard }
      messages.reply = await sendReplyMessage(ctx, language, outgoing)
    },

    ...(isTryingFirst && { tryFirst: { hint, hold } }),

    messages: () => messages,

    async disarmReply() {
      const { reply } = messages
      if (reply !== null)
        await ctx.deps.telegram.editKeyboard(ctx.chatId, reply.messageId, NO_BUTTONS)
    },
  }
}

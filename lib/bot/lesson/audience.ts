import { recover } from '../../app/error.ts'
import type { Audience } from '../../app/lesson/lesson.ts'
import type { LessonMessages, ReplyMessage } from '../../app/lesson/stores.ts'
import type { SentSound, SoundOptions } from '../../app/telegram.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { correctionsShownTo } from '../../domain/lesson/shown-edits.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { replyKeyboard, verdictKeyboard } from '../lesson-buttons.ts'
import {
  answerMessage,
  hasMore,
  replyTextMessage,
  transcriptMessage,
  verdictMessage,
} from './verdict.ts'

/** A learner on Telegram: one message shows the transcript and becomes the verdict; a voice note follows. */
export function telegramAudience(
  ctx: BotContext<ChatDeps>,
  learner: Learner,
  replyTo: number,
  { isRetake = false } = {},
): Audience {
  const { telegram } = ctx.deps
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
      const verdict = { ...lesson, totalStars, character, correctionsLevel }
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

    async speech(speech, { text: reply, isLesson }) {
      const { voiceSpeed: speed, character } = learner
      const keyboard = isLesson ? replyKeyboard(language, jobId, { reply, speed }) : undefined
      const options = { ...(keyboard && { keyboard }) }

      async function sendInWriting(): Promise<Sent> {
        const html = replyTextMessage(language, character, reply)
        return {
          messageId: await chat.say('reply-text', html, options),
          fileId: null,
          form: 'text',
        }
      }
      async function sendAloud(): Promise<Sent> {
        if (speech === null) return sendInWriting()
        const sendVoice = () => telegram.sendVoice(ctx.chatId, speech, options)
        const sendFile = () => telegram.sendSoundFile(ctx.chatId, speech, options)
        const voice = chat.send('voice', sendVoice).then(as('voice'))
        const sound = recover(voice, ['telegram-voice-forbidden'], () =>
          chat.send('sound-file', sendFile).then(as('file')),
        )
        return recover(sound, ['telegram-rejected'], sendInWriting)
      }
      messages.reply = { ...(await sendAloud()), speed, character }
    },

    messages: () => messages,
  }
}

type Sent = Pick<ReplyMessage, 'messageId' | 'fileId' | 'form'>

/** What was sent, in this form. A journal of the version before has the message's id alone. */
function as(form: ReplyMessage['form']) {
  return (sent: SentSound | number): Sent =>
    typeof sent === 'number' ? { messageId: sent, fileId: null, form } : { ...sent, form }
}

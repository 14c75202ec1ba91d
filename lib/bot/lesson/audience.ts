import { recover } from '../../app/error.ts'
import type { Audience } from '../../app/lesson/lesson.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { correctionsShownTo } from '../../domain/lesson/shown-edits.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { answerMessage, replyTextMessage, transcriptMessage, verdictMessage } from './verdict.ts'

/** A learner on Telegram: one message shows the transcript and becomes the verdict; a voice note follows. */
export function telegramAudience(
  ctx: BotContext<ChatDeps>,
  learner: Learner,
  replyTo: number,
): Audience {
  const { telegram } = ctx.deps
  const language = ctx.languageFor(learner)
  const chat = ctx.ourChat
  let transcriptMessageId: Promise<number | null> = Promise.resolve(null)

  /** Makes the transcript's message this one. */
  async function showBehindTranscript(html: string): Promise<void> {
    const send = async () => void (await chat.say('verdict', html, { replyTo }))
    const messageId = await transcriptMessageId
    // A retry must find this message's id: it would make a second verdict of another message.
    await ctx.run.settled()
    if (messageId === null) return send()
    const edit = recover(chat.edit(messageId, html), ['telegram-rejected'], () => 'refused')
    // The learner may have deleted the transcript; the verdict is theirs all the same.
    if ((await edit) !== 'edited') await send()
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

    verdict(lesson) {
      const { totalStars } = lesson.progress
      const { character } = learner
      const correctionsLevel = correctionsShownTo(learner)
      const verdict = { ...lesson, totalStars, character, correctionsLevel }
      return showBehindTranscript(verdictMessage(language, verdict))
    },

    answer: (answer) =>
      showBehindTranscript(answerMessage(language, { ...answer, character: learner.character })),

    async speech(speech, reply) {
      const sendInWriting = () =>
        chat.say('reply-text', replyTextMessage(language, learner.character, reply))
      if (speech === null) {
        await sendInWriting()
        return
      }
      const sendVoice = () => chat.send('voice', () => telegram.sendVoice(ctx.chatId, speech))
      const sendFile = () =>
        chat.send('sound-file', () => telegram.sendSoundFile(ctx.chatId, speech))
      const sound = recover(sendVoice(), ['telegram-voice-forbidden'], sendFile)
      await recover(sound, ['telegram-rejected'], sendInWriting)
    },
  }
}

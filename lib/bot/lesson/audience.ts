import { type ErrorCode, hasCode } from '../../app/error.ts'
import type { Audience } from '../../app/lesson/lesson.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { interfaceLanguage } from '../texts/language.ts'
import { heardMessage, replyTextMessage, verdictMessage } from './verdict.ts'

/** A learner on Telegram: one message shows what was heard and becomes the verdict; a voice note follows. */
export function telegramAudience(
  ctx: BotContext<ChatDeps>,
  learner: Learner,
  replyTo: number,
): Audience {
  const { telegram } = ctx.deps
  const language = interfaceLanguage(learner.nativeLanguage)
  const chat = ctx.ourChat
  let shown: Promise<number | null> = Promise.resolve(null)

  return {
    async heard(said) {
      // Where it was refused or nobody knows what became of it, the verdict is a message of its own.
      shown = chat
        .say('heard', heardMessage(language, said), { replyTo })
        .catch(instead('send-given-up', async () => null))
        .catch(instead('telegram-rejected', async () => null))
      await shown
      // The message has taken the indicator away.
      chat.showRecording()
    },

    // It is for listening first: the verdict has it behind a spoiler.
    reply() {},
    sound() {},

    async verdict(lesson) {
      const { totalStars } = lesson.progress
      const html = verdictMessage(language, { ...lesson, totalStars, character: learner.character })
      const anew = async () => void (await chat.say('verdict', html, { replyTo }))
      const messageId = await shown
      // A retry must find this message: it would send another one, and both were verdicts.
      await ctx.run.settled()
      if (messageId === null) await anew()
      else await chat.edit(messageId, html).catch(instead('telegram-rejected', anew))
    },

    async voice(spoken, reply) {
      const inWriting = () =>
        chat.say('reply-text', replyTextMessage(language, learner.character, reply))
      if (spoken === null) {
        await inWriting()
        return
      }
      const send = (step: string, method: 'sendVoice' | 'sendSoundFile') =>
        ctx.run.send(step, () => telegram[method](ctx.chatId, spoken))
      await send('voice', 'sendVoice')
        .catch(instead('telegram-voice-forbidden', () => send('sound-file', 'sendSoundFile')))
        .catch(instead('telegram-rejected', inWriting))
    },
  }
}

/** What to do where that is what went wrong; all else stays wrong. */
function instead<T>(code: ErrorCode, act: () => Promise<T>): (error: unknown) => Promise<T> {
  return async (error) => {
    if (!hasCode(error, code)) throw error
    return act()
  }
}

import { hasCode } from '../app/error.ts'
import type { Audience } from '../app/lesson.ts'
import type { Learner } from '../domain/learner.ts'
import type { BotContext } from './context.ts'
import { heardMessage, replyTextMessage, verdictMessage } from './format.ts'
import { interfaceLanguage } from './texts.ts'

/** A learner on Telegram: one message shows what was heard and becomes the verdict; a voice note follows. */
export function telegramAudience(ctx: BotContext, learner: Learner, replyTo: number): Audience {
  const { telegram } = ctx.deps
  const language = interfaceLanguage(learner.nativeLanguage)
  const chat = ctx.ourChat
  let shown: Promise<number | null> = Promise.resolve(null)

  return {
    async heard(said) {
      shown = chat.say('heard', heardMessage(language, said), { replyTo })
      await shown
    },

    async verdict(lesson) {
      const { totalStars } = lesson.progress
      const html = verdictMessage(language, { ...lesson, totalStars, character: learner.character })
      const messageId = await shown
      if (messageId === null) await chat.say('verdict', html, { replyTo })
      else await chat.edit(messageId, html)
    },

    async voice(spoken, reply) {
      if (spoken === null) {
        await chat.say('reply', replyTextMessage(language, learner.character, reply))
        return
      }
      const send = (step: string, method: 'sendVoice' | 'sendSoundFile') =>
        ctx.run.send(step, () => telegram[method](ctx.chatId, spoken))
      await send('voice', 'sendVoice').catch((error: unknown) => {
        if (!hasCode(error, 'telegram-voice-forbidden')) throw error
        return send('sound-file', 'sendSoundFile')
      })
    },
  }
}

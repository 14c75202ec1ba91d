import { recover } from '../../app/error.ts'
import type { SoundOptions } from '../../app/telegram.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { transcriptMessage } from './verdict.ts'

/** The message that shows a transcript until it becomes what the lesson has come to. */
export type TranscriptMessage = {
  show(transcript: string): Promise<void>
  /** Makes it this message, or sends this one where it is not there; the message's id. */
  turnInto(html: string, options?: Pick<SoundOptions, 'keyboard'>): Promise<number>
}

/** The transcript's message of a run's lesson, which replies to the message `replyTo`. */
export function transcriptMessageIn(
  { ourChat: chat, run }: BotContext<ChatDeps>,
  language: InterfaceLanguage,
  replyTo: number,
): TranscriptMessage {
  let shownMessageId: Promise<number | null> = Promise.resolve(null)
  return {
    async show(transcript) {
      // Without the message's id (Telegram refused it, or its arrival is unknown), what follows is a new message.
      shownMessageId = recover(
        chat.say('heard', transcriptMessage(language, transcript), { replyTo }),
        ['send-given-up', 'telegram-rejected'],
        () => null,
      )
      await shownMessageId
      // Telegram clears the indicator when a message arrives.
      chat.showRecording()
    },

    async turnInto(html, options = {}) {
      const send = () => chat.say('verdict', html, { replyTo, ...options })
      const messageId = await shownMessageId
      // A retry must find this message's id: it would make a second verdict of another message.
      await run.settled()
      if (messageId === null) return send()
      const edit = recover(
        chat.edit(messageId, html, options),
        ['telegram-rejected'],
        () => 'refused',
      )
      // The learner may have deleted the transcript; the verdict is theirs all the same.
      return (await edit) === 'edited' ? messageId : send()
    },
  }
}

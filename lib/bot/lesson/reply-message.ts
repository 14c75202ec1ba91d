import { recover } from '../../app/error.ts'
import type { Speech } from '../../app/lesson/speaker.ts'
import type { ReplyMessage } from '../../app/lesson/stores.ts'
import type { Keyboard, SentSound } from '../../app/telegram.ts'
import type { Character, VoiceSpeed } from '../../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import { NO_BUTTONS } from '../lesson-buttons.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { replyTextMessage } from './verdict.ts'

/** A reply as it goes out: in writing where it has no speech. */
export type OutgoingReply = {
  text: string
  speech: Speech | null
  /** There is no speech because the day's budget has none left. */
  isSpared?: boolean
  speed: VoiceSpeed
  character: Character
  keyboard?: Keyboard | undefined
}

/** Sends a reply as a voice note; as a file, or in writing, where Telegram does not take it. */
export async function sendReplyMessage(
  { deps: { telegram }, chatId, ourChat: chat }: BotContext<ChatDeps>,
  language: InterfaceLanguage,
  { text, speech, isSpared = false, speed, character, keyboard }: OutgoingReply,
): Promise<ReplyMessage> {
  const options = { ...(keyboard && { keyboard }) }

  async function sendInWriting(): Promise<Sent> {
    const html = replyTextMessage(language, character, text, { isSpared })
    return { messageId: await chat.say('reply-text', html, options), fileId: null, form: 'text' }
  }
  async function sendAloud(): Promise<Sent> {
    if (speech === null) return sendInWriting()
    const sendVoice = () => telegram.sendVoice(chatId, speech, options)
    const sendFile = () => telegram.sendSoundFile(chatId, speech, options)
    const voice = chat.send('voice', sendVoice).then(as('voice'))
    const sound = recover(voice, ['telegram-voice-forbidden'], () =>
      chat.send('sound-file', sendFile).then(as('file')),
    )
    return recover(sound, ['telegram-rejected'], sendInWriting)
  }
  return { ...(await sendAloud()), speed, character }
}

type Sent = Pick<ReplyMessage, 'messageId' | 'fileId' | 'form'>

/** The steps by which a job sends a reply. */
const REPLY_STEPS = ['voice', 'sound-file', 'reply-text']

/** The message of the reply that a job has sent, by what `find` knows of its steps; undefined where it knows of none. */
export async function findSentReply(find: (step: string) => unknown): Promise<number | undefined> {
  for (const step of REPLY_STEPS) {
    const result = (await find(step)) as SentSound | number | undefined
    if (result !== undefined) return typeof result === 'number' ? result : result.messageId
  }
  return undefined
}

/** Takes the buttons from the reply that the job has sent, in this run or an earlier one. */
export async function disarmSentReply({
  deps: { telegram },
  run,
  chatId,
}: BotContext<ChatDeps>): Promise<void> {
  const messageId = await findSentReply((step) => run.stored(step))
  if (messageId !== undefined) await telegram.editKeyboard(chatId, messageId, NO_BUTTONS)
}

/** What was sent, in this form. A journal of the version before has the message's id alone. */
function as(form: ReplyMessage['form']) {
  return (sound: SentSound | number): Sent =>
    typeof sound === 'number' ? { messageId: sound, fileId: null, form } : { ...sound, form }
}
